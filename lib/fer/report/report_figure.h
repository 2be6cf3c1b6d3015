// A figure of a report, and its files.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace fer::report {

struct ReportFigure {
  std::string name;   // of its files: "confusion"
  std::string title;  // as in the figure
  std::string svg;
  std::string csv;               // its numbers
  std::string how_to_read = {};  // below the figure on a page
  std::string css_class = {};    // of a figure that is not too wide for a page
  // With a heading, the figure has a section of its own; without one, another section shows it.
  std::string heading = {};
};

// FOLDER/NAME.svg, .csv and, where this build can, .png of each, replacing existing files.
// @throws fer::Error where a file cannot be written.
void write_figures(const std::filesystem::path& folder, const std::vector<ReportFigure>& figures);

}  // namespace fer::report
