// The interface of fer/predictor.h in C (C99).
//
//   fer_options options = fer_default_options();
//   fer_predictor* predictor = NULL;
//   fer_faces* faces = NULL;
//   if (fer_create(&options, &predictor) != FER_OK ||
//       fer_predict_file(predictor, "photo.jpg", &faces) != FER_OK) {
//     fprintf(stderr, "%s\n", fer_last_error());
//   }
//   for (size_t i = 0; i < fer_face_count(faces); ++i) use(fer_face_at(faces, i));
//   fer_free_faces(faces);
//   fer_destroy(predictor);
//
// Threads: functions that take a const fer_predictor may be called from any number of threads at
// the same time, also with the same predictor; fer_destroy() only when none of them is running. The
// caller owns the result. No C++ exception leaves these functions.
#ifndef FER_FER_H
#define FER_FER_H

#include <stddef.h>
#include <stdint.h>

#include "fer/version.h"

#ifdef __cplusplus
extern "C" {
#endif

// Loaded models and detectors, and the faces of one picture.
typedef struct fer_predictor fer_predictor;
typedef struct fer_faces fer_faces;

typedef enum fer_status {
  FER_OK = 0,
  FER_ERROR = 1,  // a user can cause it: a file, a value, a picture
  FER_OUT_OF_MEMORY = 2,
  FER_INTERNAL_ERROR = 3  // a mistake in the library
} fer_status;

// 8 bits a channel, the channels of a pixel beside each other in this order. Alpha is ignored. A
// number of fixed size, because the size of an enum in a struct depends on the compiler's options.
typedef int32_t fer_pixel_format;
enum { FER_GREY8 = 0, FER_BGR8 = 1, FER_RGB8 = 2, FER_BGRA8 = 3, FER_RGBA8 = 4 };

// A picture in the caller's memory, which is read only during the call.
typedef struct fer_image {
  const uint8_t* pixels;  // of the row at the top, from left to right
  int32_t width, height;  // pixels; at least 1 each, at most 100 million in all
  size_t stride;          // bytes from row to row; 0: rows follow without a gap
  fer_pixel_format format;
} fer_image;

// The options of fer/predictor.h's PredictorOptions. A text that is NULL means the default.
typedef struct fer_options {
  const char* const* models;  // model_count files, run folders or released names
  size_t model_count;         // 0: the released one
  const char* tta;            // "none"
  const char* precision;      // "float32"
  const char* detector;       // "auto"
  int32_t small_faces;        // 1; 0: faster
  int32_t threads;            // at most 1024; 0: all cores of the process
  // The folder of the installed models and detectors, or NULL. fer_create() permanently adds it to
  // the places that this process searches, so that all later predictors search it, too.
  const char* data_folder;
} fer_options;

typedef struct fer_face {
  int32_t x, y, width, height;  // its box: pixels of the picture, cut at its borders
  double score;                 // the detector's confidence, in [0, 1]
  const char* label;            // of the most probable class
  double probability;           // of that class
  const float* probabilities;   // one for each label, in their order; sum 1
} fer_face;

// The defaults. data_folder is where find_package(fer) found the library.
static inline fer_options fer_default_options(void) {
  fer_options options = {NULL, 0, NULL, NULL, NULL, 1, 0, NULL};
#ifdef FER_INSTALLED_DATA
  options.data_folder = FER_INSTALLED_DATA;
#endif
  return options;
}

// Makes a predictor, to be freed by fer_destroy(). On a failure *predictor is NULL. May be called
// from several threads at the same time. The texts of the options are read only during the call.
fer_status fer_create(const fer_options* options, fer_predictor** predictor);
void fer_destroy(fer_predictor* predictor);  // NULL is allowed

// The faces of a picture from left to right, to be freed by fer_free_faces(); there may be none. On
// a failure *faces is NULL.
fer_status fer_predict_file(const fer_predictor* predictor, const char* path, fer_faces** faces);
// As fer_predict_file(), of the file's content, `size` bytes.
fer_status fer_predict_bytes(const fer_predictor* predictor, const void* file, size_t size,
                             fer_faces** faces);
// As fer_predict_file(), of pixels.
fer_status fer_predict_image(const fer_predictor* predictor, const fer_image* image,
                             fer_faces** faces);
void fer_free_faces(fer_faces* faces);  // NULL is allowed

size_t fer_face_count(const fer_faces* faces);  // of NULL: 0
// The face's texts and numbers live as long as `faces`. All zero for an index without a face.
fer_face fer_face_at(const fer_faces* faces, size_t index);

size_t fer_label_count(const fer_predictor* predictor);
// NULL for an index without a label. Lives as long as the predictor.
const char* fer_label_at(const fer_predictor* predictor, size_t index);
// The detector that was chosen: "yunet", "centerface", "haar" or "none".
const char* fer_detector(const fer_predictor* predictor);

// The error of the last call of this thread that did not return FER_OK; never NULL. Valid until
// this thread's next failure.
const char* fer_last_error(void);

// The version of the library that a program runs with; FER_VERSION_STRING is this header's.
const char* fer_version(void);

#ifdef __cplusplus
}
#endif

#endif
