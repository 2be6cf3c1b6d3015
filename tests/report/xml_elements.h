// Just enough XML to see that a figure is well-formed and what it says.
#pragma once

#include <algorithm>
#include <cstddef>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace fer::test {

struct XmlElement {
  std::string name;
  std::string attributes;  // as written
  std::string text;        // directly inside, entities resolved
};

inline std::string resolve_entities(std::string_view text) {
  std::string plain;
  while (!text.empty()) {
    if (text.front() == '<') throw std::runtime_error("stray <");
    if (text.front() != '&') {
      plain += text.front();
      text.remove_prefix(1);
      continue;
    }
    const std::size_t end = text.find(';');
    const std::string_view entity = text.substr(0, end == text.npos ? 0 : end + 1);
    if (entity == "&amp;") {
      plain += '&';
    } else if (entity == "&lt;") {
      plain += '<';
    } else if (entity == "&gt;") {
      plain += '>';
    } else if (entity == "&quot;") {
      plain += '"';
    } else {
      throw std::runtime_error("bad entity");
    }
    text.remove_prefix(entity.size());
  }
  return plain;
}

inline void check_attributes(std::string_view text) {
  while (!text.empty()) {
    if (text.front() != ' ') throw std::runtime_error("attributes not set apart");
    const std::size_t equals = text.find("=\"");
    const std::size_t end = equals == text.npos ? equals : text.find('"', equals + 2);
    if (end == text.npos) throw std::runtime_error("attribute without a value");
    (void)resolve_entities(text.substr(equals + 2, end - equals - 2));
    text.remove_prefix(end + 1);
  }
}

// The elements in the order they open. Throws where the document is not well-formed (of the subset
// that figures use: elements, double-quoted attributes, text, the named entities).
inline std::vector<XmlElement> xml_elements(std::string_view document) {
  std::vector<XmlElement> elements;
  std::vector<std::size_t> open;
  while (!document.empty()) {
    const std::size_t tag = document.find('<');
    const std::string text = resolve_entities(document.substr(0, tag));
    if (!open.empty()) elements[open.back()].text += text;
    if (tag == document.npos) break;
    const std::size_t end = document.find('>', tag);
    if (end == document.npos) throw std::runtime_error("tag without an end");
    std::string_view inside = document.substr(tag + 1, end - tag - 1);
    document.remove_prefix(end + 1);
    if (inside.starts_with('/')) {
      if (open.empty() || elements[open.back()].name != inside.substr(1)) {
        throw std::runtime_error("tags cross");
      }
      open.pop_back();
      continue;
    }
    if (elements.size() > 0 && open.empty()) throw std::runtime_error("two roots");
    const bool closed = inside.ends_with('/');
    if (closed) inside.remove_suffix(1);
    const std::size_t name = std::min(inside.find(' '), inside.size());
    check_attributes(inside.substr(name));
    elements.push_back({std::string(inside.substr(0, name)), std::string(inside.substr(name)), ""});
    if (!closed) open.push_back(elements.size() - 1);
  }
  if (!open.empty() || elements.empty()) throw std::runtime_error("no end");
  return elements;
}

// The contents of the <text> elements, in order.
inline std::vector<std::string> drawn_texts(std::string_view svg) {
  std::vector<std::string> texts;
  for (const XmlElement& element : xml_elements(svg)) {
    if (element.name == "text") texts.push_back(element.text);
  }
  return texts;
}

// Whether one of them is this text, whole.
inline bool holds(const std::vector<std::string>& texts, std::string_view wanted) {
  return std::find(texts.begin(), texts.end(), wanted) != texts.end();
}

}  // namespace fer::test
