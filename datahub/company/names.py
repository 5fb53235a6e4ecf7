"""Invented names. Any likeness to a firm or a product is chance."""

import numpy as np

# (code, name) of families, most important first; (code, name, currency) of markets.
FAMILIES = [
    ("DETERGENT", "Detergents"),
    ("DISH", "Dish care"),
    ("SURFACE", "Surface cleaners"),
    ("SOAP", "Soaps"),
    ("FABRIC", "Fabric care"),
    ("AIR", "Air care"),
    ("FLOOR", "Floor care"),
    ("GLASS", "Glass care"),
    ("BATH", "Bath care"),
    ("GARDEN", "Garden care"),
    ("CAR", "Car care"),
    ("PAPER", "Wipes"),
    ("PET", "Pet care"),
    ("SHOE", "Shoe care"),
    ("WOOD", "Wood care"),
]
MARKETS = [
    ("DE", "Germany", "EUR"),
    ("UK", "United Kingdom", "GBP"),
    ("FR", "France", "EUR"),
    ("US", "United States", "USD"),
]
SCENTS = [
    "Lemon",
    "Lavender",
    "Sea",
    "Pine",
    "Neutral",
    "Orange",
    "Mint",
    "Rose",
    "Apple",
    "Cotton",
    "Fig",
    "Sage",
]
PACKS = ["250 ml", "400 ml", "500 ml", "750 ml", "1 l", "2 l", "5 l", "10 l"]
LINES = ["Pure", "Ultra", "Classic", "Pro", "Gentle", "Nature", "Express", "Family"]
FIRST = ["Nord", "Ost", "Berg", "See", "Wald", "Stein", "Feld", "Licht", "Rhein", "Alp", "Hafen", "Linden"]
SECOND = ["markt", "haus", "kontor", "handel", "waren", "laden", "lager", "depot"]
FORMS = ["GmbH", "& Co", "SARL", "Ltd", "Inc", "AG", "Stores", "& Söhne"]


def product_name(family: str, number: int, rng: np.random.Generator) -> str:
    """A product as a shelf label would call it; the number keeps long lists apart."""
    words = (
        LINES[number % len(LINES)],
        family,
        SCENTS[(number // 8) % len(SCENTS)],
        PACKS[(number // 5) % len(PACKS)],
    )
    series = f" {number // 96 + 1:02d}" if number >= 96 else ""
    return " ".join(words) + series


def customer_name(number: int, rng: np.random.Generator) -> str:
    """A trading firm."""
    first, second, form = (rng.choice(part) for part in (FIRST, SECOND, FORMS))
    return f"{first}{second} {form} {number + 1}"
