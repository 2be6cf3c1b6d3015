// The formats of face images: FER2013's 48x48 grey pixels, which are the default, and other sizes
// and colours of data sets and networks.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fer {

inline constexpr int kFaceSide = 48;  // of FER2013, and the default
inline constexpr std::size_t kFacePixels = static_cast<std::size_t>(kFaceSide) * kFaceSide;

// The channels of a picture, in their order.
enum class Colour { grey, rgb, bgr };

inline std::span<const std::string_view> choice_names(Colour) {
  static constexpr std::string_view kNames[] = {"grey", "rgb", "bgr"};
  return kNames;
}

// What a face is stored as: [height,width,channels] bytes, levels 0-255, first pixel top left.
struct FaceFormat {
  int width = kFaceSide, height = kFaceSide;
  Colour colour = Colour::grey;

  int channels() const { return colour == Colour::grey ? 1 : 3; }
  std::size_t bytes() const {
    return static_cast<std::size_t>(width) * static_cast<std::size_t>(height) *
           static_cast<std::size_t>(channels());
  }
  bool operator==(const FaceFormat&) const = default;
};

// Bounds for data sets and for the networks that are trained on them, whose faces are square and
// grey or rgb.
inline constexpr int kLeastFaceSide = 16, kMostFaceSide = 224;
inline bool is_data_format(const FaceFormat& format) {
  return format.width == format.height && format.width >= kLeastFaceSide &&
         format.width <= kMostFaceSide && format.colour != Colour::bgr;
}

// "48x48 grey"
inline std::string text_of(const FaceFormat& format) {
  return std::to_string(format.width) + "x" + std::to_string(format.height) + " " +
         std::string(choice_names(Colour{})[static_cast<std::size_t>(format.colour)]);
}

// FER2013's faces.
using FacePixels = std::array<std::uint8_t, kFacePixels>;

// One face in memory that somebody else owns.
struct FaceView {
  std::span<const std::uint8_t> bytes;
  FaceFormat format = {};

  FaceView(std::span<const std::uint8_t> its_bytes, const FaceFormat& its_format)
      : bytes(its_bytes), format(its_format) {}
  FaceView(const FacePixels& pixels) : bytes(pixels) {}  // NOLINT(google-explicit-constructor)
};

// Faces of one format in one block of memory that somebody else owns: [N,height,width,channels].
class FacesView {
 public:
  FacesView() = default;
  FacesView(std::span<const std::uint8_t> bytes, const FaceFormat& format)
      : bytes_(bytes), format_(format) {}
  // FacePixels are arrays, so that a span of them is one block of bytes.
  FacesView(std::span<const FacePixels> faces) {  // NOLINT(google-explicit-constructor)
    if (!faces.empty()) bytes_ = {faces.front().data(), faces.size() * kFacePixels};
  }
  FacesView(const std::vector<FacePixels>& faces)  // NOLINT(google-explicit-constructor)
      : FacesView(std::span<const FacePixels>(faces)) {}

  const FaceFormat& format() const { return format_; }
  std::span<const std::uint8_t> bytes() const { return bytes_; }
  std::size_t size() const { return bytes_.size() / format_.bytes(); }
  bool empty() const { return bytes_.empty(); }
  FaceView operator[](std::size_t face) const { return subspan(face, 1).front(); }
  FacesView first(std::size_t count) const { return subspan(0, count); }
  FacesView subspan(std::size_t from, std::size_t count) const {
    return {bytes_.subspan(from * format_.bytes(), count * format_.bytes()), format_};
  }

 private:
  FaceView front() const { return {bytes_.first(format_.bytes()), format_}; }

  std::span<const std::uint8_t> bytes_;
  FaceFormat format_;
};

// Faces with their own memory.
class Faces {
 public:
  Faces() = default;
  explicit Faces(const FaceFormat& format) : format_(format) {}
  Faces(const FaceFormat& format, std::vector<std::uint8_t> bytes)
      : format_(format), bytes_(std::move(bytes)) {}
  Faces(FacesView faces)  // NOLINT(google-explicit-constructor)
      : format_(faces.format()), bytes_(faces.bytes().begin(), faces.bytes().end()) {}

  // Not for temporaries: the view would outlive them.
  operator FacesView() const& { return {bytes_, format_}; }  // NOLINT(google-explicit-constructor)
  operator FacesView() && = delete;
  FaceView operator[](std::size_t face) const& { return FacesView(*this)[face]; }
  FaceView operator[](std::size_t face) && = delete;

  const FaceFormat& format() const { return format_; }
  std::size_t size() const { return bytes_.size() / format_.bytes(); }
  bool empty() const { return bytes_.empty(); }
  void clear() { bytes_.clear(); }
  // The first faces set the format. @throws std::logic_error for faces of another format.
  void append(FacesView faces) {
    if (bytes_.empty()) format_ = faces.format();
    if (!(format_ == faces.format())) throw std::logic_error("faces of several formats");
    bytes_.insert(bytes_.end(), faces.bytes().begin(), faces.bytes().end());
  }
  void append(FaceView face) { append(FacesView(face.bytes, face.format)); }

 private:
  FaceFormat format_;
  std::vector<std::uint8_t> bytes_;
};

// A face's format, and how much of the picture around it a network wants.
struct FaceCut {
  FaceFormat format = {};
  // Side of the square that is cut out / longer side of the detector's box; 0: the detector's crop
  // that is closest to FER2013's faces.
  double margin = 0.0;

  bool operator==(const FaceCut&) const = default;
};

// One face, once for each of several cuts.
using FaceCuts = std::vector<std::vector<std::uint8_t>>;

// How to cut out the faces of a picture: all in one format, by the detector's usual crop, and in
// addition once for each of the cuts.
struct WantedFaces {
  FaceFormat format = {};
  std::vector<FaceCut> cuts = {};
};

}  // namespace fer
