// A figure of a report, and its files.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace fer::report {

struct ReportFigure {
  std::string name;   // of the files: "confusion"
  std::string title;  // as in the figure
  std::string svg;
  std::string csv;               // its numbers
  std::string how_to_read = {};  // below the figure on a page
  std::string css_class = {};    // for a figure that is not too wide for a page
  // A figure with a heading has its own section; one without is shown in another section.
  std::string heading = {};
};

// Writes FOLDER/NAME.svg, .csv and, in builds with librsvg, .png of each figure; replaces existing
// files. @throws fer::Error if a file cannot be written.
void write_figures(const std::filesystem::path& folder, const std::vector<ReportFigure>& figures);

}  // namespace fer::report
