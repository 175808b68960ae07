"""The brands that a text gives to a code: whether one of them is billed as another code."""

from __future__ import annotations

from kg import lazy_re as re
from kg.model import Code, Concept
from kg.verification.hints import brands_in, cut_in, plain, with_short
from kg.verification.identities import HCPCS, LIKENED, ONE_ITEM, SET_ASIDE, Identities
from kg.verification.names import alike

# What stands between the brands of a list, and between the cells of a row, which may say different things.
_BETWEEN = re.compile(r"[,;/&]|\b(?:also|and|for|or|plus)\b", re.I)
_CELLS = re.compile(r"[|\t\n]|,(?=\S)")


class Brands:
    """Which brands are billed as which code: by descriptors, and by the products that releases have."""

    def __init__(self, identities: Identities) -> None:
        self._identities, self._reference = identities, identities.reference

    def other(self, code: Code, drug: Concept, text: str) -> Code | None:
        """The code of the brand that a text gives to a code of another brand of the same drug, or of another drug."""
        if len(text) > ONE_ITEM or set(HCPCS.findall(text)) - {code.value}:
            return None
        return (
            self._other_by_descriptors(code, drug, text)
            or self._other_by_products(code, text)
            or self._other_in_list(code, text)
        )

    def _other_by_descriptors(self, code: Code, drug: Concept, text: str) -> Code | None:
        """The code whose descriptor has the brand that a text names, where that of the given code has another."""
        if not self._identities.brands(code):
            return None
        related = {
            other for name in (drug, *self._identities.drugs_of(code)) for other in self._identities.codes_for(name)
        }
        others = sorted((other for other in related - {code} if self._reference.in_force(other)), reverse=True)
        brands_by_code = with_short({other: self._identities.brands(other) for other in (code, *others)})
        own_brands = brands_by_code.pop(code)
        owners = {brand: other for other, brands in brands_by_code.items() for brand in brands}
        if drug not in self._identities.drugs_of(code) and not LIKENED.search(text.lower()):
            owners = self._originators(drug) | owners
        brands = brands_in(text, {*owners, *own_brands})
        if not brands.isdisjoint(own_brands) or any(cut_in(text, brand, own_brands) for brand in brands):
            return None
        return min((owners[brand] for brand in brands), default=None)

    def _other_by_products(self, code: Code, text: str) -> Code | None:
        """The code as which releases bill the brand that a text names, where they bill others as the given one.

        A code without products of its own may be one that payment limits leave out.
        """
        sold, own_descriptor = self._identities.names.sold(text), self._identities.descriptor(code)
        if own_descriptor is None or not sold or any(code in codes for codes in sold.values()):
            return None
        own_brands = self._identities.names.brands(code, own_descriptor.drug)
        if SET_ASIDE.search(text.lower()) or not own_brands or any(cut_in(text, brand, own_brands) for brand in sold):
            return None
        others = {other for codes in sold.values() for other in codes if self._reference.in_force(other)}
        return min(others, key=lambda other: (-alike(other, code), other), default=None)

    def _other_in_list(self, code: Code, text: str) -> Code | None:
        """The code of a brand that stands among brands of the given one, where a text is nothing but a list of brands.

        "Xeomin, Daxxify" is not said of one code by mistake about the first.
        """
        cells = [cell for cell in _CELLS.split(HCPCS.sub("", text)) if plain(cell)]
        names = [plain(name) for name in _BETWEEN.split(cells[0]) if plain(name)] if len(cells) == 1 else []
        sold = [(name, self._identities.names.sold(name)) for name in names]
        if not all(any(f"{name} ".startswith(f"{brand} ") for brand in brands) for name, brands in sold):
            return None
        codes = [frozenset[Code]().union(*brands.values()) for _, brands in sold]
        if not any(code in owners for owners in codes):
            return None
        others = {other for owners in codes if code not in owners for other in owners}
        return min(filter(self._reference.in_force, others), default=None)

    def _originators(self, drug: Concept) -> dict[str, Code]:
        """The only code of a drug by each of its brands, where no descriptor has the brand: Remicade is J1745."""
        codes = [
            code
            for code in self._identities.codes_for(drug)
            if drug in self._identities.drugs_of(code) and self._reference.in_force(code)
        ]
        entry = self._reference.drug(drug)
        if len(codes) != 1 or entry is None:
            return {}
        return {plain(brand): codes[0] for brand in entry.brands}
