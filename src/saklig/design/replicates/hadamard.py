"""Hadamard matrices: of ±1, every two rows at right angles, the first row and column all +1."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Signs = NDArray[np.float64]


def hadamard(least: int) -> Signs:
    """The smallest of an order of at least `least` that doubling (Sylvester 1867) and the squares modulo a prime (Paley
    1933) give: 1, 2, and most multiples of 4 (the first that is missed is 52)."""
    order = least if least <= 2 else least + -least % 4
    while True:
        made = _of_order(max(order, 1))
        if made is not None:
            return made
        order += 4


@lru_cache(maxsize=64)
def _of_order(order: int) -> Signs | None:
    """Doubled from a smaller one where that can be, as R's `hadamard` does; None where no construction gives it."""
    if order == 1:
        return np.ones((1, 1))
    if order % 2 == 0 and (order == 2 or order % 4 == 0):
        half = _of_order(order // 2)
        if half is not None:
            return np.block([[half, half], [half, -half]])
        if _is_prime(order - 1) and order % 4 == 0:
            return _normal(_paley_first(order - 1))
        if _is_prime(order // 2 - 1) and (order // 2 - 1) % 4 == 1:
            return _normal(_paley_second(order // 2 - 1))
    return None


def _is_prime(number: int) -> bool:
    return number > 1 and all(number % each for each in range(2, int(number**0.5) + 1))


def _residues(prime: int) -> Signs:
    """Jacobsthal's matrix: +1 where row − column is a square modulo `prime`, −1 where it is none, 0 on the diagonal."""
    squares = {number * number % prime for number in range(1, prime)}
    sign = np.array([0.0, *(1.0 if number in squares else -1.0 for number in range(1, prime))])
    place = np.arange(prime)
    return np.asarray(sign[(place[:, None] - place) % prime])


def _paley_first(prime: int) -> Signs:
    """Of order prime + 1, for a prime that leaves 3 when divided by 4."""
    border = np.zeros((prime + 1, prime + 1))
    border[0, 1:], border[1:, 0], border[1:, 1:] = 1, -1, _residues(prime)
    return border + np.eye(prime + 1)


def _paley_second(prime: int) -> Signs:
    """Of order 2 · (prime + 1), for a prime that leaves 1 when divided by 4."""
    border = np.zeros((prime + 1, prime + 1))
    border[0, 1:], border[1:, 0], border[1:, 1:] = 1, 1, _residues(prime)
    return np.kron(border, np.array([[1, 1], [1, -1]])) + np.kron(np.eye(prime + 1), np.array([[1, -1], [-1, -1]]))


def _normal(matrix: Signs) -> Signs:
    """Rows and columns turned so that the first of each are all +1."""
    matrix = matrix * matrix[:1]
    return np.asarray(matrix * matrix[:, :1])
