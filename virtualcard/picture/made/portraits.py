#!/usr/bin/env python3
"""Makes portrait-*.jp2: drawn people of nobody's likeness, 240 by 320, marked 見本.

Needs Debian's python3-pil, fonts-noto-cjk and libopenjp2-tools (JPEG 2000, ISO/IEC
15444-1, in its file format).
"""
import os, subprocess, tempfile
from PIL import Image, ImageDraw, ImageFont

W, H, K = 240, 320, 4  # drawn K times as large
FONT = "/usr/share/fonts/opentype/noto/NotoSansCJK-Bold.ttc"
PEOPLE = {  # hair, its form, clothes
    "f1": ("#3a2a24", "long", "#7a4b6a"), "f2": ("#5a3b2a", "bob", "#2f6f73"), "f3": ("#b9b4b0", "bob", "#6a5a86"),
    "m1": ("#2b2422", "short", "#33507d"), "m2": ("#4a352a", "short", "#4d5a44"), "m3": ("#c4c0bc", "thin", "#5a4a42"),
    "n1": ("#3f332d", "bob", "#5b6470"),
}


def draw(hair, form, clothes):
    image = Image.new("RGB", (W * K, H * K), "#dfe8ee")
    d = ImageDraw.Draw(image)

    def box(x0, y0, x1, y1):
        return [x0 * K, y0 * K, x1 * K, y1 * K]

    skin, shade = "#f0cfb4", "#dcb294"
    if form == "long":
        d.rounded_rectangle(box(62, 62, 178, 262), 56 * K, fill=hair)
    if form == "bob":
        d.rounded_rectangle(box(60, 60, 180, 206), 56 * K, fill=hair)
    d.rounded_rectangle(box(34, 240, 206, 400), 60 * K, fill=clothes)
    d.rectangle(box(102, 190, 138, 252), fill=shade)
    d.ellipse(box(96, 232, 144, 266), fill=shade)
    d.ellipse(box(72, 76, 168, 212), fill=skin)
    d.ellipse(box(62, 136, 78, 164), fill=skin)
    d.ellipse(box(162, 136, 178, 164), fill=skin)
    top = 104 if form != "thin" else 92
    side = 66 if form in ("bob", "long") else 71
    d.pieslice(box(side, 58, 240 - side, 58 + 2 * (top - 58)), 180, 360, fill=hair)
    if form == "short":  # a parting
        d.pieslice(box(71, 64, 169, 156), 180, 250, fill=hair)
    if form in ("bob", "long"):
        d.pieslice(box(68, 60, 150, 172), 180, 300, fill=hair)
    for x in (96, 144):
        d.ellipse(box(x - 6, 138, x + 6, 150), fill="#2d2522")
        d.arc(box(x - 13, 122, x + 13, 146), 205, 335, fill=hair if form != "thin" else "#8d8782", width=3 * K)
    d.arc(box(112, 146, 130, 172), 20, 150, fill=shade, width=3 * K)
    d.arc(box(98, 160, 142, 192), 25, 155, fill="#a8524a", width=4 * K)
    d.text((W * K / 2, 296 * K), "見本", font=ImageFont.truetype(FONT, 26 * K, index=0), fill="white", anchor="mm")
    return image.resize((W, H), Image.LANCZOS)


with tempfile.TemporaryDirectory() as folder:
    for name, look in PEOPLE.items():
        path = os.path.join(folder, name + ".ppm")
        draw(*look).save(path)
        subprocess.run(["opj_compress", "-i", path, "-o", f"portrait-{name}.jp2", "-q", "36", "-n", "5", "-I"], check=True, stdout=subprocess.DEVNULL)
        print(name, os.path.getsize(f"portrait-{name}.jp2"))
