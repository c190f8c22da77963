"""The riddle of the public form: digits as a picture, or spoken aloud in Chinese. Made here, without any service.

Either of the two will do, so that nobody is shut out who can't see the one or hear the other.
"""

import secrets
from functools import cache
from io import BytesIO
from pathlib import Path

from captcha.audio import BEEP, SILENCE, AudioCaptcha, patch_wave_header
from captcha.image import ImageCaptcha

DIGITS = "0123456789"
LENGTH = 6
VOICES = Path(__file__).parent / "voices"  # how they are made: make_voices.py
WIDTH, HEIGHT = 300, 90
GROUND, CHALK = (14, 74, 56), (255, 255, 255)
SECOND = 8000  # samples


def new_answer() -> str:
    return "".join(secrets.choice(DIGITS) for _ in range(LENGTH))


def picture(answer: str) -> bytes:
    """A PNG of the digits, drawn anew each time."""
    out = BytesIO()
    _painter().generate_image(answer, bg_color=GROUND, fg_color=CHALK).save(out, "PNG")
    return out.getvalue()


def sound(answer: str) -> bytes:
    """A WAV in which the digits are spoken one after the other, with soft voices behind them."""
    return bytes(_speaker().generate(answer))


class Painter(ImageCaptcha):
    """As the library's, and legible: white on dark, digits touching one another hardly ever, none cut off."""

    character_rotate = (-20, 20)
    word_space_probability = 0.0
    word_offset_dx = 0.08


@cache
def _painter() -> Painter:
    return Painter(width=WIDTH, height=HEIGHT, font_sizes=(46, 50, 54))


@cache
def _speaker() -> "Speaker":
    speaker = Speaker(voicedir=str(VOICES))
    speaker.load()
    return speaker


class Speaker(AudioCaptcha):
    """As the library's, with pauses of a second: long enough to type a digit, short enough to keep six in mind."""

    def create_wave_body(self, chars: str) -> bytearray:
        spoken = [self._twist_pick(char) for char in chars]
        pauses = [SECOND * (8 + secrets.randbelow(7)) // 10 for _ in chars]
        body = self.create_background_noise(sum(map(len, spoken)) + sum(pauses) + SECOND, chars)
        at = 0
        for voice, pause in zip(spoken, pauses, strict=True):
            at += pause
            body[at : at + len(voice)] = _louder(voice, body[at : at + len(voice)])
            at += len(voice)
        return BEEP + SILENCE + body

    def generate(self, chars: str) -> bytearray:
        return bytearray(patch_wave_header(self.create_wave_body(chars)))


def _louder(voice: bytearray, behind: bytearray) -> bytearray:
    """A digit over what goes on behind it, each sample kept within its byte."""
    return bytearray(min(255, max(0, sample + (noise - 128) // 2)) for sample, noise in zip(voice, behind, strict=True))
