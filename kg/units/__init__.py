"""Units: how many billing units a dose is, from which packages it comes, and what is left over."""

from kg.units.packages import Package, package_of, read_packages
from kg.units.plan import ClaimLine, Plan, plan
from kg.units.quantities import read_quantity

__all__ = ["ClaimLine", "Package", "Plan", "package_of", "plan", "read_packages", "read_quantity"]
