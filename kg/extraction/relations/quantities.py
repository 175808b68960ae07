"""Quantities as texts write them: a number, in figures or in words, and a unit."""

from __future__ import annotations

from kg import lazy_re as re

UNITS = (
    r"mg|mcg|µg|μg|ug|g|gm|grams?|milligrams?|micrograms?|i\.?u\.?|international units?|usp units?|million units?|units?|ml|milliliters?|"
    r"mci|millicuries?|meq|cc|sq(?:uare)?\.? (?:cm|centimeters?)|vials?|study doses?|doses?|treatment doses?|billion vector genomes"
)
NUMBERS = {
    "one": "1",
    "two": "2",
    "five": "5",
    "three": "3",
    "four": "4",
    "six": "6",
    "eight": "8",
    "ten": "10",
    "fifteen": "15",
    "twenty": "20",
    "twenty-five": "25",
    "thirty": "30",
    "forty": "40",
    "fifty": "50",
    "sixty": "60",
    "seventy-five": "75",
    "two hundred": "200",
    "two hundred fifty": "250",
    "five hundred": "500",
    "one hundred": "100",
    "one thousand": "1000",
}
QUANTITY = re.compile(
    rf"(?<![\w.,/])(?<![a-z]-)(?<!\d\. )(?P<number>\d{{1,3}}(?:,\d{{3}})+|\d*\.?\d+|{'|'.join(NUMBERS)})(?:\s+|-|(?<=\d)\)\s+|(?=[a-z]))(?P<unit>{UNITS})\b(?!\s*(?:/(?!\s)|/\s*(?:kg|m2|m²|ml|day|dose|hour|week)\b|per\b(?!\s+(?:\w+\s+)?units?\b)|kg|vials?\b|dose\b|single|syringe|pen\b|tablet|strength|every|x\b))"
)
