// Writes figures in the format of the file's name.
#pragma once

#include <filesystem>
#include <string>

namespace fer::report {

// @throws fer::Error unless the path ends in .svg or, in builds with librsvg, .png.
void check_figure_name(const std::filesystem::path& path);

// check_figure_name(), and @throws fer::Error if the file could not be written. Call it before the
// long work.
void check_figure_path(const std::filesystem::path& path);

// Writes an SVG document to a path ending in .svg or .png. @throws fer::Error for another ending, a
// path that cannot be written, or PNG in a build without librsvg.
void write_figure(const std::filesystem::path& path, const std::string& svg);

// Writes `stem`.svg and, in builds with librsvg, `stem`.png.
void write_figure_files(const std::filesystem::path& stem, const std::string& svg);

}  // namespace fer::report
