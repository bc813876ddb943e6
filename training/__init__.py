"""How the dialogue reader in ``models/dialogue`` is made: data in, training, calibration, export."""
