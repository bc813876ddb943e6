"""JSON as speech-to-text services and caption tools write it: one module for each family.

Every module tells its own by the keys of the parsed document, and gives cues by utterance, or by word where
words carry the speaker.
"""
