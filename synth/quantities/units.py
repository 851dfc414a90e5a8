"""Units of measurement and number scales: spelling → base unit and factor.

Factors agree with pint's registry (a test holds them against it). pint itself is not used to read: it takes 1.3 s to
import, reads "560 M" as molar and "5 points" as a length, and has no "GPU hours".
"""

from __future__ import annotations

import re

Base = tuple[str, float]


def _each(words: str, unit: str, factor: float) -> dict[str, Base]:
    return dict.fromkeys(words.split(), (unit, factor))


MEASURES: dict[str, Base] = {
    **_each("ns nanoseconds", "second", 1e-9),
    **_each("µs μs microseconds", "second", 1e-6),
    **_each("ms msec millisecond milliseconds", "second", 1e-3),
    **_each("s sec secs second seconds", "second", 1.0),
    **_each("min mins minute minutes", "second", 60.0),
    **_each("h hr hrs hour hours", "second", 3600.0),
    **_each("day days", "second", 86400.0),
    **_each("week weeks", "second", 604800.0),
    # Months and years have no fixed number of days.
    **_each("month months", "month", 1.0),
    **_each("year years yr yrs", "month", 12.0),
    **_each("decade decades", "month", 120.0),
    **_each("kB KB kilobytes KiB", "byte", 1e3),
    **_each("MB megabyte megabytes MiB", "byte", 1e6),
    **_each("GB gigabyte gigabytes GiB", "byte", 1e9),
    **_each("TB terabyte terabytes TiB", "byte", 1e12),
    **_each("µg μg mcg", "gram", 1e-6),
    **_each("mg milligram milligrams", "gram", 1e-3),
    **_each("g gram grams", "gram", 1.0),
    **_each("kg kilogram kilograms", "gram", 1e3),
    **_each("t tonne tonnes tons", "gram", 1e6),
    **_each("mg/kg", "gram per kilogram", 1e-3),
    **_each("mg/dL mg/dl", "gram per litre", 1e-2),
    **_each("g/L g/l", "gram per litre", 1.0),
    **_each("mmol/L mmol/l mM", "mole per litre", 1e-3),
    **_each("µM μM", "mole per litre", 1e-6),
    **_each("nM", "mole per litre", 1e-9),
    **_each("kg/m2 kg/m²", "kilogram per square metre", 1.0),
    **_each("ml mL", "litre", 1e-3),
    **_each("l L litre litres liter liters", "litre", 1.0),
    **_each("nm", "metre", 1e-9),
    **_each("µm μm", "metre", 1e-6),
    **_each("mm", "metre", 1e-3),
    **_each("cm", "metre", 1e-2),
    **_each("m metre metres meter meters", "metre", 1.0),
    **_each("km kilometre kilometres kilometer kilometers", "metre", 1e3),
    **_each("mm² mm2", "square metre", 1e-6),
    **_each("cm² cm2", "square metre", 1e-4),
    **_each("m² m2", "square metre", 1.0),
    **_each("km² km2", "square metre", 1e6),
    **_each("mm³ mm3", "cubic metre", 1e-9),
    **_each("cm³ cm3", "cubic metre", 1e-6),
    **_each("m³ m3", "cubic metre", 1.0),
    **_each("mmHg", "mmHg", 1.0),
    **_each("°C", "°C", 1.0),
    **_each("W watt watts", "watt", 1.0),
    **_each("kWh", "kWh", 1.0),
    **_each("MWh", "kWh", 1e3),
    **_each("Hz", "hertz", 1.0),
    **_each("kHz", "hertz", 1e3),
    **_each("MHz", "hertz", 1e6),
    **_each("GHz", "hertz", 1e9),
    **_each("dB", "decibel", 1.0),
    **_each("FLOPs FLOPS", "flop", 1.0),
    **_each("GFLOPs GFLOPS", "flop", 1e9),
    **_each("TFLOPs TFLOPS", "flop", 1e12),
    **_each("€ euros EUR", "euro", 1.0),
    **_each("$ dollars USD", "dollar", 1.0),
}
DURATIONS = frozenset({"second", "month"})
SIZES = frozenset({"byte", "gram", "litre", "metre", "square metre", "cubic metre", "flop"})

_MEASURED = "|".join(re.escape(m) for m in sorted(MEASURES, key=len, reverse=True))
_GLUED = "|".join(re.escape(m) for m in sorted(MEASURES, key=len, reverse=True) if 2 <= len(m) <= 6)
# "66MB" is a quantity, "5g" and "12h" are more often parts of names. "9 GPU hours" are hours.
MEASURE = re.compile(rf"(?:[\s-](?:[GT]PU[\s-])?(?P<apart>{_MEASURED})|(?P<glued>{_GLUED}))(?![\w°/]|\.[a-z]\.)")
MEASURED = _MEASURED

SCALES = {
    **dict.fromkeys(("k", "K", "thousand"), 1e3),
    **dict.fromkeys(("M", "m", "mn", "million"), 1e6),
    **dict.fromkeys(("B", "bn", "billion"), 1e9),
    **dict.fromkeys(("T", "trillion"), 1e12),
    "hundred": 1e2,
    "dozen": 12.0,
}

UNIT = re.compile(
    r"\+?\s?-?\s?(?:(?P<how>absolute|relative|average|avg\.?|mean)\s)?(?:"
    r"(?P<points>percentage[\s-]points?|percent[\s-]points?|%[\s-]?points?|%-?pts?\b|points?\b|pts?\b|pp\b|p\.p\.)"
    r"|(?P<percent>%|percent\b|per\scent\b)"
    r"|(?P<times>times\b|×|[xX]\b|-?fold\b))"
)
