// Pieces of an HTML page, written so that XML parsers read them too.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace fer::report::html {

// Text that is markup. Only the functions here make it, so that untrusted text (class names, file
// names) cannot reach a page unescaped.
class Markup {
 public:
  Markup() = default;

  // Takes markup that this library wrote, such as an SVG figure, unchanged.
  static Markup trusted(std::string markup);

  const std::string& str() const { return text_; }
  bool empty() const { return text_.empty(); }
  Markup& operator+=(const Markup& more);
  friend Markup operator+(Markup left, const Markup& right) { return left += right; }

 private:
  std::string text_;
};

// Plain text: escapes markup characters, and replaces control characters and bytes that are not
// UTF-8. No line breaks between a number and its "%".
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

// A box that scrolls sideways if its content is wider than the page; reachable by keyboard.
Markup scroll_box(std::string_view name, const Markup& content);

struct Column {
  std::string head;
  bool number = true;  // aligned to the right
};

// A table in a scroll box. The first cell of each row is its name; `caption` is shown above the
// table. @throws fer::Error for a row with another number of cells than there are columns.
Markup table(std::string_view caption, const std::vector<Column>& columns,
             const std::vector<std::vector<Markup>>& rows);

}  // namespace fer::report::html
