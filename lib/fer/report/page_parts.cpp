#include "fer/report/page_parts.h"

#include <algorithm>
#include <utility>

#include "fer/core/text.h"
#include "fer/report/svg_png.h"

namespace fer::report {

namespace {

using html::element;
using html::Markup;

// Removes the XML namespace, which HTML does not need, so that the page has no address in it.
Markup inlined(std::string svg) {
  constexpr std::string_view kNamespace = " xmlns=\"http://www.w3.org/2000/svg\"";
  const std::size_t at = svg.find(kNamespace);
  if (at != svg.npos) svg.erase(at, kNamespace.size());
  return Markup::trusted(std::move(svg));
}

// Figures that are wider than a page scroll, because scaled ones would be too small to read.
bool is_large(const std::string& svg) {
  constexpr double kPageWidth = 1100.0;
  return svg::drawn_size(svg).width > kPageWidth;
}

struct Look {
  const char* css;
  const char* word;
};

Look look_of(Severity severity) {
  switch (severity) {
    case Severity::good:
      return {"good", "Good"};
    case Severity::warning:
      return {"warning", "Warning"};
    case Severity::serious:
      return {"serious", "Serious"};
    case Severity::note:
      break;
  }
  return {"note", "Note"};
}

}  // namespace

FigureShelf::FigureShelf(std::vector<ReportFigure> figures, std::string folder)
    : figures_(std::move(figures)), folder_(std::move(folder)) {}

const ReportFigure* FigureShelf::find(std::string_view name) const {
  const auto found = std::find_if(figures_.begin(), figures_.end(),
                                  [&](const ReportFigure& figure) { return figure.name == name; });
  return found == figures_.end() ? nullptr : &*found;
}

Markup FigureShelf::drawing(std::string_view name) const {
  const ReportFigure* figure = find(name);
  return figure == nullptr ? Markup() : inlined(figure->svg);
}

Markup FigureShelf::show(std::string_view name) const {
  const ReportFigure* figure = find(name);
  if (figure == nullptr) return {};
  const Markup caption = element("p", figure->how_to_read) + links(*figure);
  const std::string css = is_large(figure->svg) ? "large" : figure->css_class;
  return element("figure", css.empty() ? html::Attributes{} : html::Attributes{{"class", css}},
                 html::scroll_box("Figure: " + figure->title, inlined(figure->svg)) +
                     element("figcaption", caption)) +
         Markup::trusted("\n");
}

PageSection FigureShelf::section(std::string_view name) const {
  const ReportFigure* figure = find(name);
  if (figure == nullptr || figure->heading.empty()) return {};
  return {figure->name, figure->heading, show(name)};
}

Markup FigureShelf::links(const ReportFigure& figure) const {
  if (folder_.empty()) return {};
  Markup links;
  for (const auto& [ending, name] : {std::pair{"svg", "SVG"}, {"png", "PNG"}, {"csv", "numbers"}}) {
    if (std::string_view(ending) == "png" && !can_render_svg()) continue;
    if (!links.empty()) links += html::text(" · ");
    links += element("a",
                     {{"href", folder_ + "/" + figure.name + "." + ending},
                      {"aria-label", figure.title + ", " + name}},
                     name);
  }
  return element("p", {{"class", "files"}}, links);
}

Markup paragraph(std::string_view plain) { return element("p", plain); }

Markup fact_list(const std::vector<Fact>& facts) {
  Markup list;
  for (const Fact& fact : facts) {
    if (fact.value.empty()) continue;
    list += element("div", element("dt", fact.name) + element("dd", fact.value)) +
            Markup::trusted("\n");
  }
  return list.empty() ? list : element("dl", {{"class", "facts"}}, list);
}

Markup notice_list(const std::vector<Notice>& notices) {
  Markup items;
  for (const Notice& notice : notices) {
    const Look look = look_of(notice.severity);
    items += element("li", {{"class", std::string("notice ") + look.css}},
                     element("strong", look.word) + html::text(" " + notice.text)) +
             Markup::trusted("\n");
  }
  return items.empty() ? items : element("ul", {{"class", "notices"}}, items);
}

Markup folded(std::string_view summary, const Markup& content) {
  return element("details", element("summary", summary) + content);
}

Markup swatch(svg::Paint paint) {
  return element("svg",
                 {{"class", "swatch"}, {"width", "12"}, {"height", "12"}, {"aria-hidden", "true"}},
                 html::void_element("rect", {{"width", "12"},
                                             {"height", "12"},
                                             {"rx", "2"},
                                             {"class", std::string(paint.role)},
                                             {"fill", hex(paint.colour)}}));
}

std::string interval_text(const metrics::Interval& interval) {
  return percent(interval.low) + " to " + percent(interval.high);
}

}  // namespace fer::report
