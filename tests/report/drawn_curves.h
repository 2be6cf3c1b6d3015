// The curves of a figure, read back from its SVG.
#pragma once

#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "fer/report/figure.h"
#include "report/xml_elements.h"

namespace fer::test {

struct DrawnCurve {
  std::string colour;  // "#0072b2"
  std::string dashes;
  std::string width;
  std::vector<report::svg::Point> points;
};

// The value of an attribute, empty where there is none.
inline std::string attribute_of(const XmlElement& element, const std::string& name) {
  const std::string start = " " + name + "=\"";
  const std::size_t at = element.attributes.find(start);
  if (at == std::string::npos) return {};
  const std::size_t from = at + start.size();
  return element.attributes.substr(from, element.attributes.find('"', from) - from);
}

// The curves in the order they are drawn.
inline std::vector<DrawnCurve> drawn_curves(std::string_view document) {
  std::vector<DrawnCurve> curves;
  for (const XmlElement& element : xml_elements(document)) {
    if (element.name != "polyline") continue;
    DrawnCurve curve{attribute_of(element, "stroke"),
                     attribute_of(element, "stroke-dasharray"),
                     attribute_of(element, "stroke-width"),
                     {}};
    std::istringstream text(attribute_of(element, "points"));
    char comma = ' ';
    for (double x = 0.0, y = 0.0; text >> x >> comma >> y;) curve.points.push_back({x, y});
    curves.push_back(curve);
  }
  return curves;
}

}  // namespace fer::test
