"""How the spoken digits in voices/ were made: by eSpeak NG (Debian's espeak-ng), three voices for each digit.

    python -m complaints.riddles.make_voices

It takes pinyin with tones, because the Mandarin voice reads single characters by their English names; what comes out is
trimmed, brought to one loudness and to what the riddle's sound is made of (8000 Hz, 8 bits, one channel).
"""

import math
import struct
import subprocess
import tempfile
import wave
from pathlib import Path

SPOKEN = ("ling2", "yi1", "er4", "san1", "si4", "wu3", "liu4", "qi1", "ba1", "jiu3")
VOICES = ("cmn-latn-pinyin", "cmn-latn-pinyin+f2", "cmn-latn-pinyin+m3")
WORDS_A_MINUTE = 105
RATE = 8000
TAPS = 32  # of the low pass, on each side
QUIET = 0.03  # of the loudest sample: what is below it at both ends is silence
LOUDNESS = 100  # of 127


def spoken(word: str, voice: str, folder: Path) -> tuple[int, list[float]]:
    """Rate and samples of a word as eSpeak NG says it."""
    file = folder / "word.wav"
    command = ["espeak-ng", "-v", voice, "-s", str(WORDS_A_MINUTE), "-w", str(file), word]
    subprocess.run(command, check=True)  # noqa: S603 - fixed words, no shell
    with wave.open(str(file)) as heard:
        frames = heard.readframes(heard.getnframes())
        return heard.getframerate(), [float(value) for value in struct.unpack(f"<{len(frames) // 2}h", frames)]


def trimmed(samples: list[float]) -> list[float]:
    loud = QUIET * max(abs(sample) for sample in samples)
    heard = [place for place, sample in enumerate(samples) if abs(sample) > loud]
    return samples[heard[0] : heard[-1] + 1]


def brought_to(rate: int, samples: list[float]) -> list[float]:
    """The samples at RATE, through a windowed sinc that lets nothing by that RATE can't hold."""
    step = rate / RATE

    def at(place: float) -> float:
        first = math.floor(place) - int(TAPS * step)
        total = 0.0
        for index in range(max(first, 0), min(math.floor(place) + int(TAPS * step) + 1, len(samples))):
            x = (index - place) / step
            window = 0.5 + 0.5 * math.cos(math.pi * x / (TAPS + 1))
            total += samples[index] * window * (1.0 if x == 0 else math.sin(math.pi * x) / (math.pi * x))
        return total / step

    return [at(place * step) for place in range(int(len(samples) / step))]


def write(path: Path, samples: list[float]) -> None:
    top = max(abs(sample) for sample in samples)
    path.parent.mkdir(parents=True, exist_ok=True)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(1)
        file.setframerate(RATE)
        file.writeframes(bytes(128 + round(sample / top * LOUDNESS) for sample in samples))


def main() -> None:
    target = Path(__file__).parent / "voices"
    with tempfile.TemporaryDirectory() as folder:
        for digit, word in enumerate(SPOKEN):
            for number, voice in enumerate(VOICES, start=1):
                rate, samples = spoken(word, voice, Path(folder))
                write(target / str(digit) / f"{number}.wav", brought_to(rate, trimmed(samples)))


if __name__ == "__main__":
    main()
