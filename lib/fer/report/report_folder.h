// The folder of a report: index.html, and figures/ beside it.
#pragma once

#include <filesystem>
#include <functional>
#include <string_view>

namespace fer::report {

// Call it before the work; makes the folder. @throws fer::Error if the folder cannot be written, or
// has an index.html that is not a report of fer.
void check_report_folder(const std::filesystem::path& folder);

// Writes a report and replaces an older one: index.html with this content, and as figures/ the
// files that `draw` writes into a given folder. If anything cannot be written, the old report stays
// whole; otherwise none of its figures is left. Files that are not figures (.svg, .png, .csv) stay.
// `draw` may be null. Returns the path of the page. @throws fer::Error as write_file does, and what
// `draw` throws.
std::filesystem::path replace_report(const std::filesystem::path& folder, std::string_view html,
                                     const std::function<void(const std::filesystem::path&)>& draw);

}  // namespace fer::report
