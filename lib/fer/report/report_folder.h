// The folder of a report: index.html, and figures/ beside it.
#pragma once

#include <filesystem>

namespace fer::report {

// To be called before the work; makes the folder. @throws fer::Error where the folder cannot be
// written, or has an index.html that is none of our reports.
void check_report_folder(const std::filesystem::path& folder);

// Removes the figures of an older report, some of which the new one may not have.
void clear_report_folder(const std::filesystem::path& folder);

}  // namespace fer::report
