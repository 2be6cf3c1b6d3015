#include "fer/core/file_kind.h"

#include <algorithm>
#include <array>
#include <optional>

#include "fer/core/error.h"
#include "fer/core/text.h"

namespace fer {

namespace {

struct OwnKind {
  std::string_view what;
  std::string_view wanted;  // the kind in "is a model, not a packed data set"
};

// The kinds in the order of OwnFile.
constexpr std::array<OwnKind, 3> kOwnKinds = {{
    {"a model", "a model"},
    {"a packed set of images", "a set of images"},
    {"the checkpoint of a run", "the checkpoint of a run"},
}};

const OwnKind& row_of(OwnFile kind) { return kOwnKinds[static_cast<std::size_t>(kind)]; }

// Where to find the wanted file, if that is known.
std::string_view advice(OwnFile given, OwnFile wanted) {
  const bool run = given == OwnFile::checkpoint && wanted == OwnFile::model;
  return run ? "; the run's model is best.safetensors beside it" : "";
}

std::optional<OwnFile> own_kind(const std::map<std::string, std::string>& metadata) {
  const auto format = metadata.find("format");
  if (format != metadata.end() && format->second.starts_with(kPackedFormat)) {
    return OwnFile::packed_set;
  }
  if (format != metadata.end() && format->second.starts_with(kCheckpointFormat)) {
    return OwnFile::checkpoint;
  }
  if (metadata.contains("architecture")) return OwnFile::model;
  return std::nullopt;
}

struct FileStart {
  std::string_view bytes;
  std::string_view what;
};

// Kinds of files that people take for models or data, by their first bytes.
constexpr FileStart kOtherFiles[] = {
    {"\xFF\xD8\xFF", "a JPEG picture"},
    {"\x89PNG", "a PNG picture"},
    {"GIF8", "a GIF picture"},
    {"PK\x03\x04", "a PyTorch file or another ZIP archive"},
    {"\x80\x02", "a PyTorch file of Python objects"},
    {"\x80\x04", "a file of Python objects"},
    {"\x89HDF", "an HDF5 file, as Keras writes models"},
    {"\x1F\x8B", "a compressed file (gzip)"},
    {"version https://git-lfs", "the stand-in of a file that Git LFS has not fetched yet"},
    {"<!DOCTYPE", "a web page"},
    {"<html", "a web page"},
};

// "BM", its size, then four bytes that are 0; a text may begin with BM, too.
bool is_bitmap(std::string_view start) {
  return start.starts_with("BM") && start.size() > 9 &&
         start.substr(6, 4).find_first_not_of('\0') == std::string_view::npos;
}

// ONNX: field 1, its version, then the producer's name or the graph.
bool is_onnx(std::string_view start) {
  return start.size() > 2 && start[0] == '\x08' && start[1] > 0 && start[1] < 32 &&
         (start[2] == '\x12' || start[2] == '\x3A');
}

bool is_text(std::string_view bytes) {
  return is_utf8(bytes) && std::none_of(bytes.begin(), bytes.end(), [](char byte) {
           return static_cast<unsigned char>(byte) < ' ' && byte != '\n' && byte != '\r' &&
                  byte != '\t';
         });
}

}  // namespace

void check_own_file(const std::string& path, const std::map<std::string, std::string>& metadata,
                    OwnFile wanted) {
  const std::optional<OwnFile> kind = own_kind(metadata);
  if (!kind || *kind == wanted) return;
  throw Error(path + ": is " + std::string(row_of(*kind).what) + ", not " +
              std::string(row_of(wanted).wanted) + std::string(advice(*kind, wanted)));
}

std::string_view kind_of_content(std::string_view start) {
  for (const FileStart& kind : kOtherFiles) {
    if (start.starts_with(kind.bytes)) return kind.what;
  }
  if (start.size() > 11 && start.starts_with("RIFF") && start.substr(8).starts_with("WEBP")) {
    return "a WebP picture";
  }
  if (is_bitmap(start)) return "a BMP picture";
  if (is_onnx(start)) return "an ONNX file";
  // The end of `start` may cut a letter in two.
  std::string_view text = start.substr(0, 200);
  while (!text.empty() && (text.back() & '\x80') != 0) text.remove_suffix(1);
  if (text.empty() || !is_text(text)) return "";
  return trim(text).starts_with('{') ? "a JSON file" : kTextFile;
}

}  // namespace fer
