#include "fer/infer/tta.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "fer/core/error.h"
#include "support/catch.h"

namespace fer::infer {
namespace {

using Levels = std::vector<float>;
using Place = std::pair<int, int>;  // row, column

constexpr Tta kAll[] = {Tta::none, Tta::flip, Tta::shifts, Tta::ten_crop};

std::vector<Levels> views_of(FacesView faces, Tta tta) {
  std::vector<Levels> views;
  for_each_view(faces, tta, [&](std::span<const float> levels) {
    views.emplace_back(levels.begin(), levels.end());
  });
  return views;
}

std::vector<Levels> views_of(const FacePixels& face, Tta tta) {
  return views_of(FacesView(std::span(&face, 1)), tta);
}

template <typename Value>
FacePixels face_of(const Value& value) {
  FacePixels face{};
  for (int y = 0; y < kFaceSide; ++y) {
    for (int x = 0; x < kFaceSide; ++x) {
      face[static_cast<std::size_t>(y * kFaceSide + x)] = static_cast<std::uint8_t>(value(y, x));
    }
  }
  return face;
}

FacePixels busy_face(int seed) {
  return face_of([&](int y, int x) { return (y * 7 + x * x * seed + seed) % 256; });
}

float at(const Levels& view, int y, int x) {
  return view[static_cast<std::size_t>(y * kFaceSide + x)];
}

Levels mirrored(Levels view) {
  for (auto row = view.begin(); row != view.end(); row += kFaceSide) {
    std::reverse(row, row + kFaceSide);
  }
  return view;
}

float largest_step(const Levels& a, const Levels& b) {
  float most = 0.0F;
  for (std::size_t i = 0; i < a.size(); ++i) most = std::max(most, std::abs(a[i] - b[i]));
  return most;
}

TEST_CASE("Every mode has its number of views, all of the faces' shape", "[infer][unit]") {
  const std::vector<FacePixels> faces = {busy_face(1), busy_face(2), busy_face(3)};
  const std::size_t counts[] = {1, 2, 10, 10};
  for (std::size_t i = 0; i < 4; ++i) {
    CAPTURE(choice_names(Tta{})[i]);
    CHECK(view_count(kAll[i]) == counts[i]);
    const std::vector<Levels> views = views_of(faces, kAll[i]);
    CHECK(views.size() == counts[i]);
    for (const Levels& view : views) CHECK(view.size() == 3 * kFacePixels);
    if (kAll[i] == Tta::ten_crop) continue;
    CHECK(std::equal(views[0].begin(), views[0].begin() + kFacePixels, faces[0].begin()));
  }
}

TEST_CASE("A mirror image has the same views as the face", "[infer][unit]") {
  const FacePixels face = busy_face(5);
  const FacePixels mirror = face_of([&](int y, int x) {
    return face[static_cast<std::size_t>(y * kFaceSide + kFaceSide - 1 - x)];
  });
  for (const Tta tta : {Tta::flip, Tta::shifts, Tta::ten_crop}) {
    const std::vector<Levels> others = views_of(mirror, tta);
    for (const Levels& view : views_of(face, tta)) {
      CHECK(std::any_of(others.begin(), others.end(),
                        [&](const Levels& other) { return largest_step(view, other) < 1e-3F; }));
    }
  }
}

TEST_CASE("Shifts move a light by two pixels up, down, left and right, and mirror it",
          "[infer][unit]") {
  const FacePixels face = face_of([](int y, int x) { return y == 20 && x == 30 ? 200 : 0; });
  std::multiset<Place> places;
  for (const Levels& view : views_of(face, Tta::shifts)) {
    CHECK(std::count(view.begin(), view.end(), 0.0F) == kFaceSide * kFaceSide - 1);
    const auto light = static_cast<int>(std::find(view.begin(), view.end(), 200.0F) - view.begin());
    places.insert({light / kFaceSide, light % kFaceSide});
  }
  // Mirrored, column 30 is column 17.
  const std::multiset<Place> expected = {{20, 30}, {18, 30}, {22, 30}, {20, 28}, {20, 32},
                                         {20, 17}, {18, 17}, {22, 17}, {20, 19}, {20, 15}};
  CHECK(places == expected);
}

TEST_CASE("Shifts repeat the border that they move inwards", "[infer][unit]") {
  const std::vector<Levels> views = views_of(face_of([](int, int x) { return x; }), Tta::shifts);
  const Levels &left = views[3], &right = views[4];
  CHECK(at(left, 10, 0) == 2);
  CHECK(at(left, 10, 45) == 47);
  CHECK(at(left, 10, 47) == 47);
  CHECK(at(right, 10, 0) == 0);
  CHECK(at(right, 10, 2) == 0);
  CHECK(at(right, 10, 3) == 1);
  CHECK(at(right, 10, 47) == 45);
}

TEST_CASE("Crops are the centre and the four corners, scaled bilinearly", "[infer][unit]") {
  // By hand: column j of a crop shows the place (j + 0.5) 44 / 48 - 0.5 of it; of column 24 that is
  // 21.958, of the first -0.042, before the border, and of the last 43.042, behind it.
  const std::vector<Levels> across = views_of(face_of([](int, int x) { return x; }), Tta::ten_crop);
  const std::vector<Levels> along = views_of(face_of([](int y, int) { return y; }), Tta::ten_crop);
  const std::vector<Place> corners = {{2, 2}, {0, 0}, {0, 4}, {4, 0}, {4, 4}};
  for (std::size_t i = 0; i < corners.size(); ++i) {
    CAPTURE(i);
    const auto [top, left] = corners[i];
    CHECK(std::abs(at(across[i], 7, 24) - (21.9583F + static_cast<float>(left))) < 1e-3F);
    CHECK(at(across[i], 7, 0) == static_cast<float>(left));
    CHECK(at(across[i], 7, 47) == 43.0F + static_cast<float>(left));
    CHECK(std::abs(at(along[i], 24, 7) - (21.9583F + static_cast<float>(top))) < 1e-3F);
    CHECK(across[i + 5] == mirrored(across[i]));
  }
}

TEST_CASE("Crops of a flat face are the face", "[infer][unit]") {
  for (const Levels& view : views_of(face_of([](int, int) { return 77; }), Tta::ten_crop)) {
    CHECK(largest_step(view, Levels(kFacePixels, 77.0F)) < 1e-4F);
  }
}

TEST_CASE("No faces have views without faces", "[infer][unit]") {
  for (const Tta tta : kAll) {
    for (const Levels& view : views_of(FacesView(), tta)) CHECK(view.empty());
  }
}

TEST_CASE("Modes are known by name, and others are refused with those there are", "[infer][unit]") {
  using Catch::Matchers::ContainsSubstring;
  CHECK(tta_named("none") == Tta::none);
  CHECK(tta_named("ten-crop") == Tta::ten_crop);
  CHECK_THROWS_WITH(tta_named("rotate"), ContainsSubstring("'rotate'") &&
                                             ContainsSubstring("none, flip, shifts, ten-crop"));
}

TEST_CASE("Views of other sizes and colours move by the same part of a face", "[infer][unit]") {
  // 96x24 pixels of three colours; a light of (10, 20, 30) in row 10, column 50.
  const FaceFormat format{96, 24, Colour::rgb};
  std::vector<std::uint8_t> face(format.bytes());
  const auto at = [&](int y, int x) { return static_cast<std::size_t>((y * 96 + x) * 3); };
  for (int c = 0; c < 3; ++c) face[at(10, 50) + static_cast<std::size_t>(c)] = 10 * (c + 1);
  std::multiset<Place> places;
  for_each_view({face, format}, Tta::shifts, [&](std::span<const float> levels) {
    REQUIRE(levels.size() == format.bytes());
    const auto light =
        static_cast<int>(std::find(levels.begin(), levels.end(), 10.0F) - levels.begin()) / 3;
    places.insert({light / 96, light % 96});
    CHECK(levels[static_cast<std::size_t>(light * 3 + 1)] == 20.0F);
    CHECK(levels[static_cast<std::size_t>(light * 3 + 2)] == 30.0F);
  });
  // Two of 48 pixels are four columns here and one row; mirrored, column 50 is column 45.
  const std::multiset<Place> expected = {{10, 50}, {9, 50}, {11, 50}, {10, 46}, {10, 54},
                                         {10, 45}, {9, 45}, {11, 45}, {10, 49}, {10, 41}};
  CHECK(places == expected);
  // Crops keep 88 of 96 columns; the upper left one ends at column 87.
  std::vector<std::uint8_t> columns(format.bytes());
  for (int y = 0; y < 24; ++y) {
    for (int x = 0; x < 96; ++x) columns[at(y, x)] = static_cast<std::uint8_t>(x);
  }
  std::vector<Levels> crops;
  for_each_view({columns, format}, Tta::ten_crop, [&](std::span<const float> levels) {
    crops.emplace_back(levels.begin(), levels.end());
  });
  REQUIRE(crops.size() == 10);
  CHECK(crops[0][at(3, 95)] == 91.0F);
  CHECK(crops[1][at(3, 95)] == 87.0F);
  CHECK(crops[2][at(3, 0)] == 8.0F);
}

}  // namespace
}  // namespace fer::infer
