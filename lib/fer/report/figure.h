// A small SVG writer. Figures are drawn once, as SVG: pages inline it, PNG is rendered from it.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "fer/report/colour.h"

// A separate namespace, because elsewhere in fer a Box is one around a face.
namespace fer::report::svg {

// A colour with the role it plays. The role is written as a CSS class beside the colour, so that a
// page that inlines the figure can restyle it (a dark theme: `.fer-ink { fill: #eee }`). Without
// style sheets the colour is used. Colours of data have an empty role and are never restyled.
struct Paint {
  std::string_view role;
  Rgb colour;
};

inline constexpr Paint kPaper{"fer-paper", {255, 255, 255}};
inline constexpr Paint kInk{"fer-ink", {27, 36, 48}};
inline constexpr Paint kMutedInk{"fer-muted", {84, 96, 112}};
inline constexpr Paint kGrid{"fer-grid", {225, 230, 236}};
inline constexpr Paint kAxis{"fer-axis", {140, 150, 163}};

struct Point {
  double x;
  double y;
};

struct Box {
  double x;
  double y;
  double width;
  double height;
};

struct Stroke {
  Paint paint = kInk;
  double width = 1.0;
  std::string_view dashes = {};  // SVG's stroke-dasharray; empty: a solid line
};

enum class Anchor { start, middle, end };

struct TextStyle {
  double size = 12.0;  // font size
  Anchor anchor = Anchor::start;
  Paint paint = kInk;
  bool bold = false;
  bool centred = false;  // y is the middle of the capitals, not the base line
  double turn = 0.0;     // degrees clockwise about the given point
};

// Lengths are in SVG user units (pixels at scale 1), y grows downwards. All text given is plain
// text, escaped here.
class Figure {
 public:
  // `title` and `description` are for screen readers.
  Figure(double width, double height, std::string_view title, std::string_view description);

  // Everything drawn until end_group() shows `tooltip` under the pointer.
  void begin_group(std::string_view tooltip);
  void end_group();

  void box(const Box& box, Paint fill);
  void frame(const Box& box, const Stroke& stroke);
  void line(Point from, Point to, const Stroke& stroke);
  void polyline(std::span<const Point> points, const Stroke& stroke);
  void dot(Point centre, double radius, Paint fill);
  void ring(Point centre, double radius, const Stroke& stroke);  // filled with paper
  void text(Point at, std::string_view text, const TextStyle& style);

  // The whole document.
  std::string svg() const;

 private:
  std::string body_;
};

// The size at which Figure::svg() was drawn.
struct Size {
  double width;
  double height;
};
Size drawn_size(const std::string& svg);

// Text that is safe inside SVG: escapes markup characters and replaces characters that XML cannot
// hold.
std::string escape_xml(std::string_view text);

// The approximate width of text in a common sans-serif font, rather too large than too small.
double text_width(std::string_view text, double size, bool bold = false);

}  // namespace fer::report::svg
