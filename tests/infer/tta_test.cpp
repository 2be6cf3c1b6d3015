#include "fer/infer/tta.h"

#include <ATen/ATen.h>

#include <cmath>
#include <cstdint>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "fer/core/error.h"
#include "fer/core/face.h"
#include "fer/data/synthetic_set.h"
#include "fer/infer/inference.h"
#include "support/catch.h"
#include "support/models.h"

namespace fer::infer {
namespace {

using test::largest_difference;
using Place = std::pair<std::int64_t, std::int64_t>;  // row, column

at::Tensor dark() { return at::zeros({1, kFaceSide, kFaceSide}, at::kByte); }

Place place_of_the_light(const at::Tensor& view) {
  REQUIRE(view.count_nonzero().item<std::int64_t>() == 1);
  const std::int64_t at = view.argmax().item<std::int64_t>();
  return {at / kFaceSide, at % kFaceSide};
}

// Each column as bright as its number.
at::Tensor ramp() {
  return at::arange(kFaceSide, at::kByte).expand({1, kFaceSide, kFaceSide}).contiguous();
}

TEST_CASE("every mode has its number of views, all of the images' shape", "[infer][unit]") {
  CHECK(tta_modes() == std::vector<std::string>{"none", "flip", "shifts", "ten-crop"});
  const at::Tensor images = data::make_synthetic_set(70, 1).images.slice(0, 0, 3);
  const std::vector<std::size_t> counts = {1, 2, 10, 10};
  for (std::size_t i = 0; i < counts.size(); ++i) {
    CAPTURE(tta_modes()[i]);
    const std::vector<at::Tensor> views = tta_views(images, tta_modes()[i]);
    CHECK(views.size() == counts[i]);
    const bool crops = tta_modes()[i] == "ten-crop";
    for (const at::Tensor& view : views) {
      CHECK(view.sizes() == images.sizes());
      CHECK(view.scalar_type() == (crops ? at::kFloat : at::kByte));
    }
    if (!crops) CHECK(at::equal(views[0], images));
  }
}

TEST_CASE("views of float images are float", "[infer][unit]") {
  for (const std::string& mode : tta_modes()) {
    CAPTURE(mode);
    for (const at::Tensor& view : tta_views(ramp().to(at::kFloat), mode)) {
      CHECK(view.scalar_type() == at::kFloat);
    }
  }
}

TEST_CASE("a mirror image has the same views as the image", "[infer][unit]") {
  const at::Tensor images = data::make_synthetic_set(70, 1).images.slice(0, 0, 3);
  for (const std::string mode : {"flip", "shifts", "ten-crop"}) {
    CAPTURE(mode);
    const std::vector<at::Tensor> mirrored = tta_views(images.flip({2}), mode);
    for (const at::Tensor& view : tta_views(images, mode)) {
      bool found = false;
      for (const at::Tensor& other : mirrored) found |= largest_difference(view, other) < 1e-3;
      CHECK(found);
    }
  }
}

TEST_CASE("shifts move a light by two pixels up, down, left and right, and mirror it",
          "[infer][unit]") {
  at::Tensor image = dark();
  image[0][20][30] = 200;
  std::multiset<Place> places;
  for (const at::Tensor& view : tta_views(image, "shifts")) {
    CHECK(view.max().item<int>() == 200);
    places.insert(place_of_the_light(view));
  }
  // Mirrored, column 30 is column 17.
  const std::multiset<Place> expected = {{20, 30}, {18, 30}, {22, 30}, {20, 28}, {20, 32},
                                         {20, 17}, {18, 17}, {22, 17}, {20, 19}, {20, 15}};
  CHECK(places == expected);
}

TEST_CASE("shifts repeat the border that they move inwards", "[infer][unit]") {
  const std::vector<at::Tensor> views = tta_views(ramp(), "shifts");
  const auto column = [](const at::Tensor& view, std::int64_t x) {
    return view[0][10][x].item<int>();
  };
  const at::Tensor& left = views[3];
  const at::Tensor& right = views[4];
  CHECK(column(left, 0) == 2);
  CHECK(column(left, 45) == 47);
  CHECK(column(left, 47) == 47);
  CHECK(column(right, 0) == 0);
  CHECK(column(right, 2) == 0);
  CHECK(column(right, 3) == 1);
  CHECK(column(right, 47) == 45);
}

TEST_CASE("crops are the centre and the four corners, scaled bilinearly", "[infer][unit]") {
  // By hand: column j of a crop shows the place (j + 0.5) 44 / 48 - 0.5 of it; of column 24 that is
  // 21.958, of the first -0.042, before the border, and of the last 43.042, behind it.
  const at::Tensor down = ramp().transpose(1, 2).contiguous();
  const std::vector<at::Tensor> across = tta_views(ramp(), "ten-crop");
  const std::vector<at::Tensor> along = tta_views(down, "ten-crop");
  const std::vector<Place> corners = {{2, 2}, {0, 0}, {0, 4}, {4, 0}, {4, 4}};
  for (std::size_t i = 0; i < corners.size(); ++i) {
    CAPTURE(i);
    const auto [top, left] = corners[i];
    CHECK(std::abs(across[i][0][7][24].item<double>() - (21.9583 + double(left))) < 1e-3);
    CHECK(across[i][0][7][0].item<double>() == double(left));
    CHECK(across[i][0][7][47].item<double>() == 43.0 + double(left));
    CHECK(std::abs(along[i][0][24][7].item<double>() - (21.9583 + double(top))) < 1e-3);
    CHECK(at::equal(across[i + 5], across[i].flip({2})));
  }
}

TEST_CASE("crops of a flat face are the face", "[infer][unit]") {
  for (const at::Tensor& view : tta_views(at::full_like(dark(), 77), "ten-crop")) {
    CHECK(largest_difference(view, at::full_like(dark(), 77)) < 1e-4);
  }
}

TEST_CASE("in every mode the mean of the views' probabilities counts", "[infer][unit]") {
  const model::Model model = test::fresh_model();
  const at::Tensor images = data::make_synthetic_set(70, 1).images.slice(0, 0, 6);
  for (const std::string& mode : tta_modes()) {
    CAPTURE(mode);
    const std::vector<at::Tensor> views = tta_views(images, mode);
    at::Tensor sum = at::zeros({6, 7});
    for (const at::Tensor& view : views) sum += predict_probabilities(model, view, 6);
    const at::Tensor mean = sum / static_cast<double>(views.size());
    CHECK(largest_difference(predict_probabilities(model, images, 4, mode), mean) < 1e-5);
  }
}

TEST_CASE("no images have views without images", "[infer][unit]") {
  const at::Tensor none = at::empty({0, kFaceSide, kFaceSide}, at::kByte);
  for (const std::string& mode : tta_modes()) {
    CAPTURE(mode);
    for (const at::Tensor& view : tta_views(none, mode)) CHECK(view.sizes() == none.sizes());
  }
}

TEST_CASE("a mode there is not is refused, with those there are", "[infer][unit]") {
  using Catch::Matchers::ContainsSubstring;
  CHECK_THROWS_WITH(tta_views(dark(), "rotate"),
                    ContainsSubstring("'rotate'") && ContainsSubstring("none, flip, shifts"));
}

}  // namespace
}  // namespace fer::infer
