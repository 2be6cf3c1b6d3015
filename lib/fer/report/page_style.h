// The style of a report's page.
#pragma once

#include <string>

namespace fer::report {

// CSS for light and dark pages, with the colours of figures' roles (figure.h). It has no "<" or
// "&", so that the page is XML, too, and loads nothing.
const std::string& page_style();

}  // namespace fer::report
