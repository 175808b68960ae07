"""The Medicare Coverage Database: its exports, and what its articles rule of billing codes and diagnoses."""
