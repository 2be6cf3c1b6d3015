// The date for reports.
#pragma once

#include <string>

namespace fer::report {

std::string today();  // "2026-11-23", in UTC

}  // namespace fer::report
