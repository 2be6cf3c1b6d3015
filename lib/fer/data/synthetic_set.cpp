#include "fer/data/synthetic_set.h"

#include <ATen/Functions.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <span>

#include "fer/core/error.h"
#include "fer/core/face.h"
#include "fer/core/parallel.h"
#include "fer/core/random.h"
#include "fer/data/image_store.h"
#include "fer/data/synthetic_face.h"
#include "fer/data/synthetic_parameters.h"

namespace fer::data {

namespace {

// Fixed, so that everyone's synthetic faces are the same ones.
constexpr std::uint64_t kSeed = 2013;
constexpr std::int64_t kFewest = 70;

// Whole rounds of the classes change split together, so every split has every class alike.
Split split_of(std::int64_t index, std::int64_t classes) {
  const std::int64_t round = index / classes % 10;
  return round < 8 ? Split::train : round == 8 ? Split::val : Split::test;
}

// Face `index` of every synthetic set.
FacePixels draw_numbered_face(std::int64_t index) {
  static const RandomStream faces = RandomStream(kSeed).child("synthetic faces");
  const auto number = static_cast<std::uint64_t>(index);
  return draw_synthetic_face(number % synthetic_labels().size(), faces.child(number));
}

// Faces that are drawn each time they are asked for.
class DrawnFaces : public Images::Store {
 public:
  explicit DrawnFaces(std::int64_t count) : count_(count) {}

  std::int64_t size() const override { return count_; }
  void read(std::int64_t first, std::span<std::uint8_t> to) const override {
    for (std::size_t at = 0; at < to.size(); at += kFacePixels, ++first) {
      const FacePixels face = draw_numbered_face(first);
      std::copy(face.begin(), face.end(), to.begin() + static_cast<std::ptrdiff_t>(at));
    }
  }
  void add_identity(Hasher& hasher) const override { hasher.add("synthetic faces"); }

 private:
  std::int64_t count_;
};

// All but the images.
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

FacePixels draw_synthetic_face_number(std::int64_t number) { return draw_numbered_face(number); }

std::vector<FacePixels> draw_synthetic_faces(std::int64_t count) {
  std::vector<FacePixels> faces;
  for (std::int64_t i = 0; i < count; ++i) faces.push_back(draw_numbered_face(i));
  return faces;
}

FaceSet make_synthetic_set(std::int64_t count, int threads) {
  FaceSet set = described_set(count, kMaxSyntheticCount);
  const at::Tensor levels = at::empty({count, kFaceSide, kFaceSide}, at::kByte);
  auto* images = levels.data_ptr<std::uint8_t>();
  parallel_for(count, threads, [&](std::int64_t i) {
    const FacePixels face = draw_numbered_face(i);
    std::memcpy(images + static_cast<std::size_t>(i) * kFacePixels, face.data(), kFacePixels);
  });
  set.images = levels;
  return set;
}

FaceSet synthetic_set_when_asked(std::int64_t count) {
  FaceSet set = described_set(count, kMaxDrawnWhenAsked);
  set.images = Images(std::make_shared<const DrawnFaces>(count), FaceFormat{});
  return set;
}

}  // namespace fer::data
