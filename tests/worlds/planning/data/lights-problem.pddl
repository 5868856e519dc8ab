(define (problem lights-1) (:domain lights)
  (:objects left right - lamp green blue - button)
  (:init (wired red main) (wired green left) (wired blue right) (wired green main) (stuck blue))
  (:goal (and (lit left) (lit right) (not (lit main)) (not (stuck blue)))))
