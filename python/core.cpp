// ferkit._core: fer::Predictor with plain lists and arrays as arguments and results. Its only caller is
// ferkit/_predictor.py, the public interface.
#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <numeric>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "fer/predictor.h"
#include "fer/version.h"

namespace nb = nanobind;

namespace {

// Bytes of a picture file [size], or pixels [H,W] or [H,W,channels].
using Bytes = nb::ndarray<const std::uint8_t, nb::device::cpu, nb::ndim<1>, nb::c_contig>;
using Pixels = nb::ndarray<const std::uint8_t, nb::device::cpu>;

struct FormatRow {
  std::string_view name;
  fer::PixelFormat format;
  std::size_t channels;
};
constexpr std::array<FormatRow, 5> kFormats = {{{"grey", fer::PixelFormat::grey8, 1},
                                                {"bgr", fer::PixelFormat::bgr8, 3},
                                                {"rgb", fer::PixelFormat::rgb8, 3},
                                                {"bgra", fer::PixelFormat::bgra8, 4},
                                                {"rgba", fer::PixelFormat::rgba8, 4}}};

const FormatRow& format_named(std::string_view name) {
  for (const FormatRow& row : kFormats) {
    if (row.name == name) return row;
  }
  throw fer::Error("channels: '" + std::string(name) +
                   "' is not known; allowed: grey, bgr, rgb, bgra, rgba");
}

// The pixels of a row must be contiguous; rows may have gaps between them, as in a part of a picture. The
// stride of a dimension of size 1 is meaningless.
fer::ImageView view_of(const Pixels& pixels, const FormatRow& format) {
  const std::size_t channels = pixels.ndim() == 2 ? 1 : pixels.shape(2);
  const auto lies = [&](std::size_t side, std::size_t apart) {
    return pixels.shape(side) <= 1 || pixels.stride(side) == static_cast<std::int64_t>(apart);
  };
  const bool whole = lies(1, channels) && (pixels.ndim() == 2 || lies(2, 1)) &&
                     (pixels.shape(0) <= 1 || pixels.stride(0) >= 0);
  const bool empty = pixels.shape(0) == 0 || pixels.shape(1) == 0;  // the library reports it
  if (channels != format.channels || !(whole || empty)) {
    throw fer::Error("picture: the array is not as its channels say");
  }
  const auto side = [](std::size_t length) {
    return static_cast<int>(std::min<std::size_t>(length, 1 << 30));
  };
  return {.pixels = pixels.data(),
          .width = side(pixels.shape(1)),
          .height = side(pixels.shape(0)),
          .stride = pixels.shape(0) <= 1 ? 0 : static_cast<std::size_t>(pixels.stride(0)),
          .format = format.format};
}

// Keeps the Python objects of a picture alive while its pixels are read: ("file", path), ("bytes", array), or
// (channels, array).
struct HeldPicture {
  Bytes bytes;
  Pixels pixels;
  fer::Picture picture;
};

HeldPicture held(const nb::tuple& item) {
  const auto kind = nb::cast<std::string>(item[0]);
  HeldPicture held;
  if (kind == "file") {
    const auto path = nb::cast<nb::bytes>(item[1]);
    held.picture = std::string(path.c_str(), path.size());
  } else if (kind == "bytes") {
    held.bytes = nb::cast<Bytes>(item[1]);
    held.picture = std::span<const std::uint8_t>(held.bytes.data(), held.bytes.size());
  } else {
    held.pixels = nb::cast<Pixels>(item[1]);
    held.picture = view_of(held.pixels, format_named(kind));
  }
  return held;
}

std::vector<HeldPicture> held_pictures(const nb::list& items) {
  std::vector<HeldPicture> all;
  for (const nb::handle item : items) all.push_back(held(nb::cast<nb::tuple>(item)));
  return all;
}

// A NumPy array that owns these numbers.
template <class Number>
nb::object array_of(std::vector<Number> numbers, const std::vector<std::size_t>& shape) {
  auto kept = std::make_unique<std::vector<Number>>(std::move(numbers));
  Number* data = kept->data();
  const nb::capsule owner(kept.release(), [](void* pointer) noexcept {
    delete static_cast<std::vector<Number>*>(pointer);
  });
  return nb::cast(nb::ndarray<nb::numpy, Number>(data, shape.size(), shape.data(), owner));
}

// boxes [F,4], scores [F], labels [F] as class numbers, probabilities [F,C] as fer-predict writes
// them: divided by their sum, which a float softmax misses by some 1e-7.
nb::tuple arrays_of(const std::vector<fer::Face>& faces, const std::vector<std::string>& labels) {
  std::vector<std::int32_t> boxes, best;
  std::vector<double> scores, probabilities;
  for (const fer::Face& face : faces) {
    boxes.insert(boxes.end(), {face.box.x, face.box.y, face.box.width, face.box.height});
    scores.push_back(face.score);
    best.push_back(static_cast<std::int32_t>(std::find(labels.begin(), labels.end(), face.label) -
                                             labels.begin()));
    const double sum = std::accumulate(face.probabilities.begin(), face.probabilities.end(), 0.0);
    for (const float one : face.probabilities) probabilities.push_back(double{one} / sum);
  }
  const std::size_t count = faces.size();
  return nb::make_tuple(array_of(std::move(boxes), {count, 4}),
                        array_of(std::move(scores), {count}), array_of(std::move(best), {count}),
                        array_of(std::move(probabilities), {count, labels.size()}));
}

// [(error or "", width, height, boxes, scores, labels, probabilities)], one for each picture.
nb::list predict(const fer::Predictor& predictor, const nb::list& items) {
  const std::vector<HeldPicture> held = held_pictures(items);
  std::vector<fer::Picture> pictures;
  for (const HeldPicture& one : held) pictures.push_back(one.picture);
  std::vector<fer::PictureResult> results;
  {
    const nb::gil_scoped_release others_may_run;
    results = predictor.predict_pictures(pictures);
  }
  nb::list found;
  for (const fer::PictureResult& result : results) {
    // A path in a message need not be UTF-8.
    const nb::object error = nb::steal(PyUnicode_DecodeUTF8(
        result.error.data(), static_cast<Py_ssize_t>(result.error.size()), "replace"));
    found.append(nb::make_tuple(error, result.width, result.height) +
                 arrays_of(result.faces, predictor.labels()));
  }
  return found;
}

// For pictures that are faces already; one tuple of arrays for all.
nb::tuple classify(const fer::Predictor& predictor, const nb::list& items) {
  const std::vector<HeldPicture> held = held_pictures(items);
  std::vector<fer::ImageView> views;
  for (const HeldPicture& one : held) views.push_back(std::get<fer::ImageView>(one.picture));
  std::vector<fer::Face> faces;
  {
    const nb::gil_scoped_release others_may_run;
    faces = predictor.classify_crops(views);
  }
  return arrays_of(faces, predictor.labels());
}

nb::list cards_of(const fer::Predictor& predictor) {
  nb::list cards;
  for (const fer::ModelCard& card : predictor.models()) {
    nb::dict values;
    values["name"] = card.name;
    values["file"] = card.file;
    values["architecture"] = card.architecture;
    values["creator"] = card.creator;
    values["licence"] = card.licence;
    values["data"] = card.data;
    values["data_fingerprint"] = card.data_fingerprint;
    values["input_side"] = card.input_side;
    values["temperature"] = card.temperature;
    values["weight"] = card.weight;
    cards.append(values);
  }
  return cards;
}

}  // namespace

NB_MODULE(_core, module) {
  nb::exception<fer::Error>(module, "Error", PyExc_ValueError);
  module.def("version", [] { return std::string(fer::version()); });
  nb::class_<fer::Predictor>(module, "Predictor")
      .def(
          "__init__",
          [](fer::Predictor* self, std::vector<std::string> models, std::string tta,
             std::string precision, std::string detector, bool small_faces, int threads) {
            const nb::gil_scoped_release others_may_run;
            new (self) fer::Predictor({.models = std::move(models),
                                       .tta = std::move(tta),
                                       .precision = std::move(precision),
                                       .detector = std::move(detector),
                                       .small_faces = small_faces,
                                       .threads = threads});
          },
          nb::kw_only(), nb::arg("models"), nb::arg("tta"), nb::arg("precision"),
          nb::arg("detector"), nb::arg("small_faces"), nb::arg("threads"))
      .def("predict", &predict, nb::arg("pictures"))
      .def("classify", &classify, nb::arg("crops"))
      .def("labels", &fer::Predictor::labels)
      .def("models", &cards_of)
      .def("detector", &fer::Predictor::detector);
}
