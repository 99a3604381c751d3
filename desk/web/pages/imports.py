"""Importing a patent list."""

from fastapi import APIRouter

router = APIRouter(prefix="/patents/imports")
