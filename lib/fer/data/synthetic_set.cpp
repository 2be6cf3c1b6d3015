#include "fer/data/synthetic_set.h"

#include <ATen/Functions.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "fer/core/error.h"
#include "fer/core/face.h"
#include "fer/core/parallel.h"
#include "fer/core/random.h"
#include "fer/data/image_store.h"
#include "fer/data/synthetic_face.h"
#include "fer/data/synthetic_parameters.h"
#include "fer/tensors/face_images.h"

namespace fer::data {

namespace {

// Fixed, so that all synthetic sets have the same faces.
constexpr std::uint64_t kSeed = 2013;
constexpr std::int64_t kFewest = 70;

// Whole rounds of the classes are in the same split, so that every split has every class equally
// often.
Split split_of(std::int64_t index, std::int64_t classes) {
  const std::int64_t round = index / classes % 10;
  return round < 8 ? Split::train : round == 8 ? Split::val : Split::test;
}

// The place of row or column `pixel` of `side` in a drawn face: the first of two pixels, and the
// weight of the second.
struct Place {
  int first, second;
  double share;
};

Place place_in_drawn(int pixel, int side) {
  const double place =
      std::clamp((pixel + 0.5) * kFaceSide / side - 0.5, 0.0, static_cast<double>(kFaceSide - 1));
  const int first = static_cast<int>(place);
  return {first, std::min(first + 1, kFaceSide - 1), place - first};
}

double level_at(const FacePixels& face, const Place& row, const Place& column) {
  const auto level = [&](int y, int x) {
    return static_cast<double>(face[static_cast<std::size_t>(y * kFaceSide + x)]);
  };
  const double upper =
      std::lerp(level(row.first, column.first), level(row.first, column.second), column.share);
  const double lower =
      std::lerp(level(row.second, column.first), level(row.second, column.second), column.share);
  return std::lerp(upper, lower, row.share);
}

// Factors of red, green and blue, the largest being 1: skin is warm, and light may have any colour.
std::array<double, 3> draw_tint(RandomStream stream) {
  return {1.0, stream.uniform(0.7, 0.95), stream.uniform(0.5, 0.95)};
}

// Draws face `index` of all synthetic sets into `bytes`.
void draw_numbered_face(std::int64_t index, const FaceFormat& format, std::uint8_t* bytes) {
  static const RandomStream faces = RandomStream(kSeed).child("synthetic faces");
  const auto number = static_cast<std::uint64_t>(index);
  const RandomStream stream = faces.child(number);
  const FacePixels face = draw_synthetic_face(number % synthetic_labels().size(), stream);
  if (format == FaceFormat{}) {
    std::memcpy(bytes, face.data(), face.size());
    return;
  }
  const bool grey = format.channels() == 1;
  const std::array<double, 3> tint =
      grey ? std::array{1.0, 1.0, 1.0} : draw_tint(stream.child("tint"));
  for (int y = 0; y < format.height; ++y) {
    for (int x = 0; x < format.width; ++x) {
      const double level =
          level_at(face, place_in_drawn(y, format.height), place_in_drawn(x, format.width));
      for (int c = 0; c < format.channels(); ++c) {
        *bytes++ =
            static_cast<std::uint8_t>(std::lround(level * tint[static_cast<std::size_t>(c)]));
      }
    }
  }
}

// Faces that are drawn at each read.
class DrawnFaces : public ImageStore {
 public:
  DrawnFaces(std::int64_t count, const FaceFormat& format) : count_(count), format_(format) {}

  std::int64_t size() const override { return count_; }
  void read(std::int64_t first, std::span<std::uint8_t> to) const override {
    for (std::size_t at = 0; at < to.size(); at += format_.bytes(), ++first) {
      draw_numbered_face(first, format_, to.data() + at);
    }
  }
  void add_identity(Hasher& hasher) const override {
    hasher.add("synthetic faces, " + text_of(format_));
  }

 private:
  std::int64_t count_;
  FaceFormat format_;
};

// Everything except the images.
FaceSet described_set(std::int64_t count, std::int64_t most) {
  if (count < kFewest || count > most) {
    throw Error("synthetic:" + std::to_string(count) + ": allowed are " + std::to_string(kFewest) +
                " to " + std::to_string(most) + " images");
  }
  FaceSet set;
  set.label_set = synthetic_labels();
  set.source = "synthetic:" + std::to_string(count);
  set.labels = at::empty({count}, at::kLong);
  set.splits = at::empty({count}, at::kByte);
  auto* labels = set.labels.data_ptr<std::int64_t>();
  auto* splits = set.splits.data_ptr<std::uint8_t>();
  const auto classes = static_cast<std::int64_t>(set.label_set.size());
  for (std::int64_t i = 0; i < count; ++i) {
    labels[i] = i % classes;
    splits[i] = static_cast<std::uint8_t>(split_of(i, classes));
  }
  return set;
}

}  // namespace

std::vector<std::uint8_t> draw_synthetic_face_number(std::int64_t number,
                                                     const FaceFormat& format) {
  std::vector<std::uint8_t> face(format.bytes());
  draw_numbered_face(number, format, face.data());
  return face;
}

Faces draw_synthetic_faces(std::int64_t count, const FaceFormat& format) {
  std::vector<std::uint8_t> bytes(static_cast<std::size_t>(count) * format.bytes());
  for (std::int64_t i = 0; i < count; ++i) {
    draw_numbered_face(i, format, bytes.data() + static_cast<std::size_t>(i) * format.bytes());
  }
  return {format, std::move(bytes)};
}

FaceSet make_synthetic_set(std::int64_t count, int threads, const FaceFormat& format) {
  FaceSet set = described_set(count, kMaxSyntheticCount);
  const at::Tensor levels = at::empty(tensors::sizes_of(format, count), at::kByte);
  auto* images = levels.data_ptr<std::uint8_t>();
  parallel_for(count, threads, [&](std::int64_t i) {
    draw_numbered_face(i, format, images + static_cast<std::size_t>(i) * format.bytes());
  });
  set.images = levels;
  return set;
}

FaceSet synthetic_set_when_asked(std::int64_t count, const FaceFormat& format) {
  FaceSet set = described_set(count, kMaxDrawnWhenAsked);
  set.images = Images(std::make_shared<const DrawnFaces>(count, format), format);
  return set;
}

}  // namespace fer::data
