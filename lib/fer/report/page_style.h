// How a report's page looks.
#pragma once

#include <string>

namespace fer::report {

// CSS without a "<" or "&", so that it can stand in a page that is XML too. It loads nothing. Light
// and dark; the roles of figures (figure.h) have their colours here.
const std::string& page_style();

}  // namespace fer::report
