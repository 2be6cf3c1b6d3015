#include "fer/report/figure.h"

#include <cmath>

#include "fer/core/display_text.h"
#include "fer/core/number.h"
#include "fer/core/text.h"

namespace fer::report::svg {

namespace {

constexpr std::string_view kFonts = "Helvetica Neue, Helvetica, Arial, DejaVu Sans, sans-serif";

// Half the height of capitals, in font sizes, which centres a line of text on its point.
constexpr double kHalfCapital = 0.36;

// Rounded to a hundredth of a pixel, which is too small to see, and without trailing zeros.
std::string number(double value) {
  const double rounded = std::round(value * 100.0) / 100.0;
  return shortest(rounded == 0.0 ? 0.0 : rounded);  // no "-0"
}

std::string attribute(std::string_view name, std::string_view value) {
  return " " + std::string(name) + "=\"" + std::string(value) + "\"";
}

std::string attribute(std::string_view name, double value) {
  return attribute(name, number(value));
}

std::string role(Paint paint, std::string_view suffix = {}) {
  return paint.role.empty() ? ""
                            : attribute("class", std::string(paint.role) + std::string(suffix));
}

std::string filled(Paint paint) { return role(paint) + attribute("fill", hex(paint.colour)); }

// A role has different classes for fills and strokes, because CSS sets them separately.
std::string stroked(const Stroke& stroke) {
  return role(stroke.paint, "-line") + attribute("stroke", hex(stroke.paint.colour)) +
         attribute("stroke-width", stroke.width) +
         (stroke.dashes.empty() ? "" : attribute("stroke-dasharray", stroke.dashes));
}

std::string placed(const Box& box) {
  return attribute("x", box.x) + attribute("y", box.y) + attribute("width", box.width) +
         attribute("height", box.height);
}

std::string_view anchor_name(Anchor anchor) {
  switch (anchor) {
    case Anchor::middle:
      return "middle";
    case Anchor::end:
      return "end";
    case Anchor::start:
      break;
  }
  return "start";
}

// Advance width of a code point in font sizes, after DejaVu Sans, one of the wider common fonts.
double advance(char32_t code) {
  constexpr std::u32string_view kThin = U" ijlI.,:;'|";
  constexpr std::u32string_view kNarrow = U"frt-()[]/!";
  constexpr std::u32string_view kBroad = U"mwMW%@<>=+~…\uFFFD";
  const auto is_in = [code](std::u32string_view set) { return set.find(code) != set.npos; };
  if (code > 0x7F && column_width(code) != 1) return static_cast<double>(column_width(code)) * 0.55;
  if (is_in(kThin)) return 0.32;
  if (is_in(kNarrow)) return 0.41;
  if (is_in(kBroad)) return 0.98;
  return code >= U'A' && code <= U'Z' ? 0.75 : 0.63;
}

}  // namespace

std::string escape_xml(std::string_view text) {
  std::string escaped;
  for (const char c : safe_to_show(text)) {
    switch (c) {
      case '&':
        escaped += "&amp;";
        break;
      case '<':
        escaped += "&lt;";
        break;
      case '>':
        escaped += "&gt;";
        break;
      case '"':
        escaped += "&quot;";
        break;
      default:
        escaped += c;
    }
  }
  return escaped;
}

double text_width(std::string_view text, double size, bool bold) {
  double width = 0.0;
  for (const char32_t code : decode_utf8(text)) width += advance(code);
  return width * size * (bold ? 1.1 : 1.0);
}

Size drawn_size(const std::string& svg) {
  const auto length = [&svg](const std::string& name) {
    const std::string before = " " + name + "=\"";
    const std::size_t at = svg.find(before);
    if (at == svg.npos) return 0.0;
    const std::string_view value = std::string_view(svg).substr(at + before.size());
    return to_number<double>(value.substr(0, value.find('"'))).value_or(0.0);
  };
  return {length("width"), length("height")};
}

Figure::Figure(double width, double height, std::string_view title, std::string_view description) {
  body_ = "<svg xmlns=\"http://www.w3.org/2000/svg\"" + attribute("width", width) +
          attribute("height", height) +
          attribute("viewBox", "0 0 " + number(width) + " " + number(height)) +
          attribute("role", "img") + attribute("font-family", kFonts) + ">\n<title>" +
          escape_xml(title) + "</title>\n<desc>" + escape_xml(description) + "</desc>\n";
  box({0.0, 0.0, width, height}, kPaper);
}

void Figure::begin_group(std::string_view tooltip) {
  body_ += "<g><title>" + escape_xml(tooltip) + "</title>\n";
}

void Figure::end_group() { body_ += "</g>\n"; }

void Figure::box(const Box& box, Paint fill) {
  body_ += "<rect" + placed(box) + filled(fill) + "/>\n";
}

void Figure::frame(const Box& box, const Stroke& stroke) {
  body_ += "<rect" + placed(box) + attribute("fill", "none") + stroked(stroke) + "/>\n";
}

void Figure::line(Point from, Point to, const Stroke& stroke) {
  body_ += "<line" + attribute("x1", from.x) + attribute("y1", from.y) + attribute("x2", to.x) +
           attribute("y2", to.y) + stroked(stroke) + "/>\n";
}

void Figure::polyline(std::span<const Point> points, const Stroke& stroke) {
  std::string list;
  for (const Point& point : points) {
    if (!list.empty()) list += ' ';
    list += number(point.x) + "," + number(point.y);
  }
  body_ += "<polyline" + attribute("points", list) + attribute("fill", "none") + stroked(stroke) +
           attribute("stroke-linejoin", "round") + attribute("stroke-linecap", "round") + "/>\n";
}

void Figure::dot(Point centre, double radius, Paint fill) {
  body_ += "<circle" + attribute("cx", centre.x) + attribute("cy", centre.y) +
           attribute("r", radius) + filled(fill) + "/>\n";
}

void Figure::ring(Point centre, double radius, const Stroke& stroke) {
  dot(centre, radius, kPaper);
  body_ += "<circle" + attribute("cx", centre.x) + attribute("cy", centre.y) +
           attribute("r", radius) + attribute("fill", "none") + stroked(stroke) + "/>\n";
}

void Figure::text(Point at, std::string_view text, const TextStyle& style) {
  const double base_line = at.y + (style.centred ? kHalfCapital * style.size : 0.0);
  body_ += "<text" + attribute("x", at.x) + attribute("y", base_line) +
           attribute("font-size", style.size) + filled(style.paint);
  if (style.anchor != Anchor::start) body_ += attribute("text-anchor", anchor_name(style.anchor));
  if (style.bold) body_ += attribute("font-weight", "bold");
  if (style.turn != 0.0) {
    body_ += attribute("transform", "rotate(" + number(style.turn) + " " + number(at.x) + " " +
                                        number(at.y) + ")");
  }
  body_ += ">" + escape_xml(text) + "</text>\n";
}

std::string Figure::svg() const { return body_ + "</svg>\n"; }

}  // namespace fer::report::svg
