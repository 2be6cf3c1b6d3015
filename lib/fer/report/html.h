// Pieces of an HTML page, written so that XML parsers read them too.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace fer::report::html {

// Text that is markup. Only the functions here make it, so that what comes from strangers (class
// names, file names) cannot reach a page without being escaped.
class Markup {
 public:
  Markup() = default;

  // Takes text that this library wrote as markup, an SVG figure say, as it is.
  static Markup trusted(std::string markup);

  const std::string& str() const { return text_; }
  bool empty() const { return text_.empty(); }
  Markup& operator+=(const Markup& more);
  friend Markup operator+(Markup left, const Markup& right) { return left += right; }

 private:
  std::string text_;
};

// Plain text: markup characters escaped, what is not UTF-8 and control characters replaced. No line
// breaks between a number and its "%".
Markup text(std::string_view plain);

struct Attribute {
  std::string_view name;
  std::string value;  // plain text, escaped when written
};
using Attributes = std::vector<Attribute>;

Markup element(std::string_view tag, const Attributes& attributes, const Markup& content);
Markup element(std::string_view tag, const Attributes& attributes, std::string_view plain);
Markup element(std::string_view tag, const Markup& content);
Markup element(std::string_view tag, std::string_view plain);

// An element without content and end tag: img, meta, link.
Markup void_element(std::string_view tag, const Attributes& attributes);

// A box that scrolls sideways where its content is wider than the page; the keyboard can reach it.
Markup scroll_box(std::string_view name, const Markup& content);

struct Column {
  std::string head;
  bool number = true;  // set flush right
};

// The first cell of each row names it. In a scroll box; `caption` is seen above the table.
// @throws fer::Error for a row of another number of cells than there are columns.
Markup table(std::string_view caption, const std::vector<Column>& columns,
             const std::vector<std::vector<Markup>>& rows);

}  // namespace fer::report::html
