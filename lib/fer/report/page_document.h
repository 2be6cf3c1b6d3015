// The page around the sections of a report.
#pragma once

#include <string>
#include <vector>

#include "fer/report/html.h"
#include "fer/report/page_parts.h"

namespace fer::report {

struct PageDocument {
  std::string title;
  std::string generator = {};  // the program that wrote the page; may be empty
  html::Markup header;         // with the h1
  std::vector<PageSection> sections;
  html::Markup footer;
};

// A whole HTML document that is well-formed XML, too, with a table of contents. Its security policy
// allows only the style sheet and the pictures in the page.
std::string page_document(const PageDocument& document);

}  // namespace fer::report
