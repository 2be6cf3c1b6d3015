#include "fer/report/html.h"

#include <utility>

#include "fer/core/error.h"
#include "fer/report/figure.h"

namespace fer::report::html {

namespace {

std::string opened(std::string_view tag, const Attributes& attributes) {
  std::string text = "<" + std::string(tag);
  for (const Attribute& attribute : attributes) {
    text += " " + std::string(attribute.name) + "=\"" + svg::escape_xml(attribute.value) + "\"";
  }
  return text;
}

Markup head_row(const std::vector<Column>& columns) {
  Markup cells;
  for (const Column& column : columns) {
    Attributes attributes{{"scope", "col"}};
    if (column.number) attributes.push_back({"class", "number"});
    cells += element("th", attributes, column.head);
  }
  return element("thead", element("tr", cells));
}

Markup body_row(const std::vector<Column>& columns, const std::vector<Markup>& row) {
  if (row.size() != columns.size()) {
    throw Error("table row of " + std::to_string(row.size()) + " cells under " +
                std::to_string(columns.size()) + " columns");
  }
  Markup cells;
  for (std::size_t i = 0; i < row.size(); ++i) {
    Attributes attributes;
    if (i == 0) attributes.push_back({"scope", "row"});
    if (columns[i].number) attributes.push_back({"class", "number"});
    cells += element(i == 0 ? "th" : "td", attributes, row[i]);
  }
  return element("tr", cells) + Markup::trusted("\n");
}

}  // namespace

Markup Markup::trusted(std::string markup) {
  Markup result;
  result.text_ = std::move(markup);
  return result;
}

Markup& Markup::operator+=(const Markup& more) {
  text_ += more.text_;
  return *this;
}

Markup text(std::string_view plain) {
  std::string escaped = svg::escape_xml(plain);
  constexpr std::string_view kBreakable = " %";
  for (std::size_t at = escaped.find(kBreakable); at != escaped.npos;
       at = escaped.find(kBreakable, at + 1)) {
    escaped.replace(at, 1, "\u00A0");
  }
  return Markup::trusted(std::move(escaped));
}

Markup element(std::string_view tag, const Attributes& attributes, const Markup& content) {
  return Markup::trusted(opened(tag, attributes) + ">" + content.str() + "</" + std::string(tag) +
                         ">");
}

Markup element(std::string_view tag, const Attributes& attributes, std::string_view plain) {
  return element(tag, attributes, text(plain));
}

Markup element(std::string_view tag, const Markup& content) { return element(tag, {}, content); }

Markup element(std::string_view tag, std::string_view plain) {
  return element(tag, {}, text(plain));
}

Markup void_element(std::string_view tag, const Attributes& attributes) {
  return Markup::trusted(opened(tag, attributes) + "/>");
}

Markup scroll_box(std::string_view name, const Markup& content) {
  return element("div",
                 {{"class", "scroll"},
                  {"role", "region"},
                  {"aria-label", std::string(name)},
                  {"tabindex", "0"}},
                 content);
}

Markup table(std::string_view caption, const std::vector<Column>& columns,
             const std::vector<std::vector<Markup>>& rows) {
  Markup body;
  for (const std::vector<Markup>& row : rows) body += body_row(columns, row);
  return scroll_box(
      "Table: " + std::string(caption),
      element("table", element("caption", caption) + head_row(columns) + element("tbody", body)));
}

}  // namespace fer::report::html
