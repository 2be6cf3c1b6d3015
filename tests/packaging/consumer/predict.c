/* The example of docs/predict.md, in C. */
#include <fer/fer.h>
#include <stdio.h>

int main(int argc, char** argv) {
  const fer_options options = fer_default_options();
  fer_predictor* predictor = NULL;
  fer_status status = fer_create(&options, &predictor);
  for (int i = 1; i < argc && status == FER_OK; ++i) {
    fer_faces* faces = NULL;
    status = fer_predict_file(predictor, argv[i], &faces);
    for (size_t k = 0; k < fer_face_count(faces); ++k) {
      const fer_face face = fer_face_at(faces, k);
      printf("%s: %dx%d at (%d, %d): %s %g\n", argv[i], (int)face.width, (int)face.height,
             (int)face.x, (int)face.y, face.label, face.probability);
    }
    fer_free_faces(faces);
  }
  if (status != FER_OK) fprintf(stderr, "%s\n", fer_last_error());
  fer_destroy(predictor);
  return status;
}
