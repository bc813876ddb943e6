"""Every bar on themes measured by one command: see ``bench.themes.__main__``."""
