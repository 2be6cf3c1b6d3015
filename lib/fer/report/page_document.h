// The page around the sections of a report.
#pragma once

#include <string>
#include <vector>

#include "fer/report/html.h"
#include "fer/report/page_parts.h"

namespace fer::report {

struct PageDocument {
  std::string title;
  std::string generator = {};  // the program that made it; may be empty
  html::Markup header;         // with the h1
  std::vector<PageSection> sections;
  html::Markup footer;
};

// A whole HTML document that is well-formed XML, too, with a table of contents. Its security policy
// allows the style sheet and the pictures that are in it, and nothing else.
std::string page_document(const PageDocument& document);

}  // namespace fer::report
