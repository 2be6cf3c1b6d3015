// The folder of a report: index.html, and figures/ beside it.
#pragma once

#include <filesystem>
#include <functional>
#include <string_view>

namespace fer::report {

// To be called before the work; makes the folder. @throws fer::Error where the folder cannot be
// written, or has an index.html that is none of our reports.
void check_report_folder(const std::filesystem::path& folder);

// Puts a report in the place of the one that is there, if any: index.html with this content, and
// what `draw` writes into the folder that it is given as figures/. The old report stays whole where
// something cannot be written; afterwards none of its figures is left. Files of other kinds than
// figures have (.svg, .png, .csv) stay. `draw` may be null. Returns the page.
// @throws fer::Error as write_file does, and what `draw` throws.
std::filesystem::path replace_report(const std::filesystem::path& folder, std::string_view html,
                                     const std::function<void(const std::filesystem::path&)>& draw);

}  // namespace fer::report
