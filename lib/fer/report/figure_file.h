// Where figures go: the file type says how they are written.
#pragma once

#include <filesystem>
#include <string>

namespace fer::report {

// @throws fer::Error unless the path ends in .svg, or in .png where this build can write PNG.
void check_figure_name(const std::filesystem::path& path);

// The same, and @throws fer::Error where the file could not be written. Call it before long work
// whose figure goes there.
void check_figure_path(const std::filesystem::path& path);

// Writes an SVG document to a path ending in .svg or .png. @throws fer::Error for another ending, a
// path that cannot be written, or PNG in a build without librsvg.
void write_figure(const std::filesystem::path& path, const std::string& svg);

// `stem`.svg and, where this build can, `stem`.png.
void write_figure_files(const std::filesystem::path& stem, const std::string& svg);

}  // namespace fer::report
