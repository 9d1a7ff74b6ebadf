"""The district's municipalities: who lives there, how far they are from each other, and how people write them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from bildungsbedarf.errors import ConfigError
from bildungsbedarf.needs.areas import small_area_of
from bildungsbedarf.survey.arrays import Floats
from bildungsbedarf.wave import Wave

_EARTH_KM = 6371.0088
"""Mean radius (IUGG)."""
_POSTCODE = re.compile(r"\s*(\d{5})\s+\D")
_HEAD = re.compile(r"^(?:\d{5}\s+)?(?:(?:stadt|gemeinde|markt|flecken)\s+(?=\S))?", re.IGNORECASE)


def municipalities(wave: Wave) -> pd.DataFrame:
    """``name``, ``inhabitants``, ``lon``, ``lat`` by code, from the file that ``[small_area]`` names.

    Parameters
    ----------
    wave
        Any wave of the study.

    Returns
    -------
    pandas.DataFrame
        By code, the uninhabited left out.

    Raises
    ------
    ConfigError
        study.toml has no ``[small_area]``, or the file lacks population or positions.

    Examples
    --------
    >>> supply.municipalities(wave)["name"].head(2).tolist()
    ['Ahnatal', 'Bad Karlshafen']
    """
    config = small_area_of(wave)
    raw = wave.reference_table(config.file)
    lacking = [name for name in ("population", "lon", "lat") if name not in raw.columns]
    if lacking:
        raise ConfigError("file has no such column", where=f"data/reference/{config.file}", value=lacking[0])
    table = pd.DataFrame(
        {
            "name": raw[config.label].to_numpy(),
            "inhabitants": pd.to_numeric(raw["population"]).to_numpy(dtype=np.int64),
            "lon": pd.to_numeric(raw["lon"]).to_numpy(dtype=float),
            "lat": pd.to_numeric(raw["lat"]).to_numpy(dtype=float),
        },
        index=pd.Index(raw[config.key].astype("string").str[-config.digits :], name=config.group),
    )
    return table[table["inhabitants"] > 0]


def distances(table: pd.DataFrame) -> Floats:
    """Kilometres between all centres, straight over the sphere (haversine; Sinnott 1984).

    Parameters
    ----------
    table
        ``municipalities``.

    Returns
    -------
    numpy.ndarray
        Square, in the table's order.

    Examples
    --------
    >>> table = supply.municipalities(wave)
    >>> bool((supply.distances(table).diagonal() == 0).all())
    True
    """
    lon, lat = (np.radians(table[name].to_numpy(dtype=float)) for name in ("lon", "lat"))
    across = np.sin((lat[:, None] - lat[None, :]) / 2) ** 2
    along = np.sin((lon[:, None] - lon[None, :]) / 2) ** 2
    inner = across + np.cos(lat)[:, None] * np.cos(lat)[None, :] * along
    return np.asarray(2 * _EARTH_KM * np.arcsin(np.sqrt(np.clip(inner, 0, 1))))


class Gazetteer:
    """Which municipality a text means: its key, its name as offices write it, or a name that offers.toml assigns."""

    def __init__(
        self,
        table: pd.DataFrame,
        others: Mapping[str, Sequence[str]],
        region: str,
        postcodes: Sequence[str] = (),
    ) -> None:
        self._postcodes = tuple(postcodes)
        self.names = {str(code): str(name) for code, name in table["name"].items()}
        self._known: dict[str, str] = {}
        for code, name in self.names.items():
            for text in (code, f"{region}{code}", name, name.partition(",")[0]):
                self._known[_bare(text)] = code
        for code, words in others.items():
            for word in words:
                self._known[_bare(word)] = code

    def find(self, text: str) -> str | None:
        """Its code; None where no name fits: none is guessed."""
        postcode = _POSTCODE.match(text)
        # a town of the same name elsewhere has another postcode
        if postcode and not (self._postcodes and postcode[1].startswith(self._postcodes)):
            return None
        return self._known.get(_bare(text))


def _bare(text: str) -> str:
    shortened = _HEAD.sub("", text.strip(), count=1)
    return " ".join((shortened or text).casefold().replace("-", " ").split())
