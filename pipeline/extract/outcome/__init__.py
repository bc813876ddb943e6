"""Outcome sentences read as direction + measure + object of control + context.

``lexicon`` holds the words as data, ``frames`` finds what in a sentence is wanted or dreaded,
``clauses`` says which words belong to it, ``wording`` puts them into neutral English, ``draft`` joins and
judges them.
"""
