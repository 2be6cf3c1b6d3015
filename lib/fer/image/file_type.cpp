#include "fer/image/file_type.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <string>

#include "fer/core/error.h"
#include "fer/core/text.h"
#include "fer/image/bytes.h"
#include "fer/image/gif_file.h"
#include "fer/image/image.h"
#include "fer/image/picture_header.h"

namespace fer::image {

namespace {

using std::string_view;

struct Signature {
  FileKind kind;
  string_view format;
  std::size_t offset;
  string_view bytes;
  std::size_t second_offset = 0;
  string_view second = {};
};

// Netpbm's formats and BMP are missing here: their two letters also begin texts.
constexpr Signature kSignatures[] = {
    {FileKind::picture, "JPEG", 0, "\xff\xd8\xff"},
    {FileKind::picture, "PNG", 0, "\x89PNG\r\n\x1a\n"},
    {FileKind::picture, "WebP", 0, "RIFF", 8, "WEBP"},
    {FileKind::picture, "JPEG 2000", 0, "\xff\x4f\xff\x51"},
    {FileKind::picture, "JPEG 2000", 0, string_view("\0\0\0\x0cjP  \r\n\x87\n", 12)},
    {FileKind::foreign, "camera raw", 0, string_view("II*\0", 4), 8, "CR"},
    {FileKind::foreign, "camera raw", 0, "FUJIFILMCCD-RAW"},
    {FileKind::foreign, "camera raw", 0, "IIU"},  // Panasonic's
    {FileKind::foreign, "camera raw", 0, "IIRO"},
    {FileKind::picture, "TIFF", 0, string_view("II*\0", 4)},
    {FileKind::picture, "TIFF", 0, string_view("MM\0*", 4)},
    {FileKind::foreign, "JPEG XL", 0, "\xff\x0a"},
    {FileKind::foreign, "JPEG XL", 0, string_view("\0\0\0\x0cJXL \r\n\x87\n", 12)},
    {FileKind::foreign, "Photoshop", 0, "8BPS"},
    {FileKind::foreign, "OpenEXR", 0, "\x76\x2f\x31\x01"},
    {FileKind::foreign, "BigTIFF", 0, string_view("II+\0", 4)},
    {FileKind::video, "GIF", 0, "GIF8"},
    {FileKind::video, "AVI", 0, "RIFF", 8, "AVI "},
    {FileKind::video, "Matroska", 0, "\x1a\x45\xdf\xa3"},
    {FileKind::video, "Flash video", 0, string_view("FLV\x01", 4)},
    {FileKind::video, "MPEG", 0, string_view("\0\0\x01\xba", 4)},
    {FileKind::video, "MPEG", 0, string_view("\0\0\x01\xb3", 4)},
    {FileKind::video, "MPEG transport stream", 0, "G", 188, "G"},
    {FileKind::video, "MPEG transport stream", 4, "G", 192, "G"},
};

bool fits(const Bytes& start, const Signature& signature) {
  return start.has(signature.bytes, signature.offset) &&
         start.has(signature.second, signature.second_offset);
}

// ISO/IEC 14496-12: "ftyp", a brand, a version and more brands, for pictures, videos and sounds.
FileType type_of_brand(string_view start) {
  const string_view brand = start.substr(0, 4);
  const auto one_of = [&](std::initializer_list<string_view> names) {
    return std::find(names.begin(), names.end(), brand) != names.end();
  };
  const bool still = one_of({"mif1", "msf1"});
  if (brand == "avif" || (still && start.find("avif") != string_view::npos)) {
    return {FileKind::picture, "AVIF"};
  }
  if (still || one_of({"heic", "heix", "heim", "heis", "hevc", "hevx"})) {
    return {FileKind::foreign, "HEIC"};
  }
  if (brand == "crx ") return {FileKind::foreign, "camera raw"};
  if (one_of({"M4A ", "M4B ", "F4A "})) return {};
  return {FileKind::video, "MP4"};
}

// More than the first two letters is checked, because a text may begin with BM, P1 or P5.
bool is_bitmap(const Bytes& start) {
  static constexpr std::array<std::uint32_t, 8> kHeaderSizes = {12, 16, 40, 52, 56, 64, 108, 124};
  return start.has("BM", 0) && std::find(kHeaderSizes.begin(), kHeaderSizes.end(),
                                         start.little32(14)) != kHeaderSizes.end();
}

bool is_netpbm(string_view start) {
  const auto header = start.starts_with("P") ? read_picture_header(start) : std::nullopt;
  return header && header->width > 0 && header->height > 0;
}

// Raw files of cameras: most are TIFFs with a small preview, which must not be taken for the
// picture.
bool is_named_raw(const std::filesystem::path& path) {
  static constexpr std::array<string_view, 12> kEndings = {".dng", ".nef", ".nrw", ".arw",
                                                           ".sr2", ".srf", ".pef", ".srw",
                                                           ".3fr", ".iiq", ".erf", ".kdc"};
  const std::string ending = to_lower(path.extension().string());
  return std::find(kEndings.begin(), kEndings.end(), ending) != kEndings.end();
}

}  // namespace

std::string foreign_picture(string_view format, bool several) {
  return std::string(format) + (several ? " pictures" : " picture") +
         ", which cannot be decoded here";
}

void refuse_foreign(const FileType& type, const std::string& name) {
  if (type.kind != FileKind::foreign) return;
  const bool vowel = type.format.find_first_of("AEIOU") == 0;
  throw Error(name + (vowel ? ": is an " : ": is a ") + foreign_picture(type.format) +
              "; allowed: " + std::string(kPictureFormats));
}

FileType type_of_content(string_view start) {
  const Bytes bytes(start);
  if (bytes.has("ftyp", 4)) return type_of_brand(bytes.from(8).substr(0, 56));
  for (const Signature& signature : kSignatures) {
    if (fits(bytes, signature)) return {signature.kind, signature.format};
  }
  if (is_bitmap(bytes)) return {FileKind::picture, "BMP"};
  if (is_netpbm(start)) return {FileKind::picture, "PNM"};
  return {};
}

FileType type_of_file(const std::filesystem::path& path) {
  if (has_image_extension(path)) return {FileKind::picture, ""};
  std::array<char, kTypeBytes> start{};
  std::ifstream file(path, std::ios::binary);
  if (!file) return {FileKind::closed, ""};
  file.read(start.data(), start.size());
  const FileType type = type_of_content({start.data(), static_cast<std::size_t>(file.gcount())});
  if (type.format == "TIFF" && is_named_raw(path)) return {FileKind::foreign, "camera raw"};
  if (type.format == "GIF") {
    file.clear();
    file.seekg(0);
    if (is_still_gif(file)) return {FileKind::picture, "GIF"};
  }
  return type;
}

bool is_clutter(string_view name) {
  static constexpr std::array<string_view, 8> kNames = {"thumbs.db",
                                                        "ehthumbs.db",
                                                        "desktop.ini",
                                                        "icon\r",
                                                        "__macosx",
                                                        "$recycle.bin",
                                                        "system volume information",
                                                        "@eadir"};
  if (name.starts_with(".")) return true;
  const std::string lower = to_lower(name);
  return std::find(kNames.begin(), kNames.end(), lower) != kNames.end();
}

}  // namespace fer::image
