#include <exception>
#include <new>
#include <span>
#include <string>
#include <vector>

#include "fer/fer.h"
#include "fer/predictor.h"

struct fer_predictor {
  fer::Predictor predictor;
};

struct fer_faces {
  std::vector<fer::Face> faces;
};

namespace {

// One for each thread. A std::string, except for messages that must work without memory.
struct LastError {
  std::string text;
  const char* shown = "";
};

LastError& last_error() {
  thread_local LastError error;
  return error;
}

fer_status fail(fer_status status, const char* reason) noexcept {
  LastError& error = last_error();
  try {
    error.text = reason;
    error.shown = error.text.c_str();
  } catch (const std::bad_alloc&) {
    error.shown = "an error, and too little memory for its text";
  }
  return status;
}

// Runs `work`, whose exceptions become a status and this thread's last error.
template <class Work>
fer_status guarded(const Work& work) noexcept {
  try {
    work();
    return FER_OK;
  } catch (const fer::Error& error) {
    return fail(FER_ERROR, error.what());
  } catch (const std::bad_alloc&) {
    last_error().shown = "there is too little memory";
    return FER_OUT_OF_MEMORY;
  } catch (const std::exception& error) {
    return fail(FER_INTERNAL_ERROR, error.what());
  } catch (...) {
    return fail(FER_INTERNAL_ERROR, "an exception of an unknown kind");
  }
}

void need(const void* pointer, const char* name) {
  if (pointer == nullptr) throw fer::Error(std::string(name) + ": is a null pointer");
}

void set_text(std::string& text, const char* given) {
  if (given != nullptr) text = given;
}

fer::PredictorOptions options_of(const fer_options& given) {
  fer::PredictorOptions options;
  if (given.model_count > 0) need(given.models, "models");
  for (std::size_t i = 0; i < given.model_count; ++i) {
    need(given.models[i], "models");
    options.models.emplace_back(given.models[i]);
  }
  set_text(options.tta, given.tta);
  set_text(options.precision, given.precision);
  set_text(options.detector, given.detector);
  options.small_faces = given.small_faces != 0;
  options.threads = given.threads;
  return options;
}

// The two enums have the same numbers; the predictor refuses unknown ones.
static_assert(static_cast<int>(fer::PixelFormat::grey8) == FER_GREY8);
static_assert(static_cast<int>(fer::PixelFormat::bgr8) == FER_BGR8);
static_assert(static_cast<int>(fer::PixelFormat::rgb8) == FER_RGB8);
static_assert(static_cast<int>(fer::PixelFormat::bgra8) == FER_BGRA8);
static_assert(static_cast<int>(fer::PixelFormat::rgba8) == FER_RGBA8);

fer::ImageView view_of(const fer_image& image) {
  return {.pixels = image.pixels,
          .width = image.width,
          .height = image.height,
          .stride = image.stride,
          .format = static_cast<fer::PixelFormat>(image.format)};
}

// `predict` gives the faces of a predictor.
template <class Predict>
fer_status predict_into(const fer_predictor* predictor, fer_faces** faces,
                        const Predict& predict) noexcept {
  return guarded([&] {
    need(faces, "faces");
    *faces = nullptr;
    need(predictor, "predictor");
    *faces = new fer_faces{predict(predictor->predictor)};
  });
}

}  // namespace

extern "C" {

fer_status fer_create(const fer_options* options, fer_predictor** predictor) {
  return guarded([&] {
    need(predictor, "predictor");
    *predictor = nullptr;
    need(options, "options");
    if (options->data_folder != nullptr) fer::know_installed_folder(options->data_folder);
    *predictor = new fer_predictor{fer::Predictor(options_of(*options))};
  });
}

void fer_destroy(fer_predictor* predictor) { delete predictor; }

fer_status fer_predict_file(const fer_predictor* predictor, const char* path, fer_faces** faces) {
  return predict_into(predictor, faces, [path](const fer::Predictor& with) {
    need(path, "path");
    return with.predict_file(path);
  });
}

fer_status fer_predict_bytes(const fer_predictor* predictor, const void* file, size_t size,
                             fer_faces** faces) {
  return predict_into(predictor, faces, [file, size](const fer::Predictor& with) {
    need(file, "file");
    return with.predict_bytes(std::span(static_cast<const std::uint8_t*>(file), size));
  });
}

fer_status fer_predict_image(const fer_predictor* predictor, const fer_image* image,
                             fer_faces** faces) {
  return predict_into(predictor, faces, [image](const fer::Predictor& with) {
    need(image, "image");
    return with.predict(view_of(*image));
  });
}

void fer_free_faces(fer_faces* faces) { delete faces; }

size_t fer_face_count(const fer_faces* faces) { return faces == nullptr ? 0 : faces->faces.size(); }

fer_face fer_face_at(const fer_faces* faces, size_t index) {
  if (index >= fer_face_count(faces)) return {};
  const fer::Face& face = faces->faces[index];
  return {face.box.x, face.box.y,         face.box.width,   face.box.height,
          face.score, face.label.c_str(), face.probability, face.probabilities.data()};
}

size_t fer_label_count(const fer_predictor* predictor) {
  return predictor == nullptr ? 0 : predictor->predictor.labels().size();
}

const char* fer_label_at(const fer_predictor* predictor, size_t index) {
  if (index >= fer_label_count(predictor)) return nullptr;
  return predictor->predictor.labels()[index].c_str();
}

const char* fer_detector(const fer_predictor* predictor) {
  return predictor == nullptr ? "" : predictor->predictor.detector().c_str();
}

const char* fer_last_error(void) { return last_error().shown; }

const char* fer_version(void) { return fer::version(); }

}  // extern "C"
