"""The commands of the command line, by what they are for; ``pipeline.cli`` puts them together."""
