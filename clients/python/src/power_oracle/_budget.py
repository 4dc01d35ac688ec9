from __future__ import annotations

import threading
from decimal import Decimal

from ._errors import PriceExceeded


class Budget:
    """What may be spent in US dollars: for one answer, and by one client in its life."""

    def __init__(self, max_price_usd: str | float | Decimal, max_total_usd: str | float | Decimal | None) -> None:
        self._max_price = Decimal(str(max_price_usd))
        self._max_total = None if max_total_usd is None else Decimal(str(max_total_usd))
        self._spent = Decimal(0)
        self._lock = threading.Lock()

    def take(self, price_usd: str) -> Decimal:
        """Sets a price aside before it is paid, so that purchases side by side stay within the total."""
        price = Decimal(price_usd)
        if not price.is_finite() or not 0 <= price <= self._max_price:
            raise PriceExceeded(f"The answer costs {price_usd} US dollars, and max_price_usd is {self._max_price}.")
        with self._lock:
            if self._max_total is not None and self._spent + price > self._max_total:
                raise PriceExceeded(f"The answer costs {price_usd} US dollars, and less is left of max_total_usd.")
            self._spent += price
        return price

    def give_back(self, price: Decimal) -> None:
        """Of what was certainly not paid."""
        with self._lock:
            self._spent -= price
