"""whyswitch: switch interviews as evidence that can be queried."""
