#!/usr/bin/env python3
"""Makes glyphs.bin: the characters of JIS X 0208 with the extensions of Windows
(CP932), JIS X 0201 and a few that names need, as bitmaps of 24 by 24.

Needs Debian's python3-pil and fonts-noto-cjk. The form: zlib of a count, the code
points in rising order (both big-endian, four bytes), and 72 bytes a character, rows of
three bytes, 1 for black.
"""
import struct, sys, zlib
from PIL import Image, ImageDraw, ImageFont

FONT = "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"  # its first face is the Japanese one
SIZE = 24


def characters():
    found = set(range(0x20, 0x7F)) | set(range(0xFF61, 0xFFA0)) | {ord(c) for c in "𠮷𠮟塚﨑髙神福鷗頰"}
    for lead in list(range(0x81, 0xA0)) + list(range(0xE0, 0xFD)):
        for trail in range(0x40, 0xFD):
            try:
                found.add(ord(bytes([lead, trail]).decode("cp932")))
            except (UnicodeDecodeError, TypeError):
                pass
    return sorted(c for c in found if not 0xE000 <= c < 0xF900)


def bitmap(font, c):
    image = Image.new("L", (SIZE, SIZE), 0)
    ImageDraw.Draw(image).text((1 if c > 0x7F else 0, -5), chr(c), font=font, fill=255)
    return image.point(lambda v: 255 if v > 110 else 0).convert("1").tobytes()


def main():
    font = ImageFont.truetype(FONT, 22, index=0)
    all = characters()
    raw = struct.pack(">I", len(all)) + b"".join(struct.pack(">I", c) for c in all)
    raw += b"".join(bitmap(font, c) for c in all)
    with open("glyphs.bin", "wb") as out:
        out.write(zlib.compress(raw, 9))
    print(len(all), "characters,", len(raw), "bytes")


if __name__ == "__main__":
    sys.exit(main())
