; Drinks are mixed in a shaker and served in shots. What a vessel holds is seen only while it is in a hand.
(define (domain barman)
  (:requirements :strips :typing :negative-preconditions)
  (:types
    hand vessel beverage - object
    shot shaker - vessel
    ingredient cocktail - beverage)
  (:predicates
    (on-bar ?vessel - vessel)
    (holding ?hand - hand ?vessel - vessel)
    (free ?hand - hand)
    (clean ?vessel - vessel)
    (empty ?vessel - vessel)
    (contains ?vessel - vessel ?beverage - beverage)
    (half ?shaker - shaker)
    (full ?shaker - shaker)
    (shaken ?shaker - shaker)
    (first-part ?cocktail - cocktail ?ingredient - ingredient)
    (second-part ?cocktail - cocktail ?ingredient - ingredient))

  (:action grasp
    :parameters (?hand - hand ?vessel - vessel)
    :precondition (and (free ?hand) (on-bar ?vessel))
    :effect (and (holding ?hand ?vessel) (not (free ?hand)) (not (on-bar ?vessel))))

  (:action leave
    :parameters (?hand - hand ?vessel - vessel)
    :precondition (holding ?hand ?vessel)
    :effect (and (free ?hand) (on-bar ?vessel) (not (holding ?hand ?vessel))))

  (:action fill
    :parameters (?hand - hand ?shot - shot ?ingredient - ingredient)
    :precondition (and (holding ?hand ?shot) (empty ?shot) (clean ?shot))
    :effect (and (contains ?shot ?ingredient) (not (empty ?shot)) (not (clean ?shot))))

  (:action tip-out
    :parameters (?hand - hand ?shot - shot ?beverage - beverage)
    :precondition (and (holding ?hand ?shot) (contains ?shot ?beverage))
    :effect (and (empty ?shot) (not (contains ?shot ?beverage))))

  (:action rinse
    :parameters (?hand - hand ?vessel - vessel)
    :precondition (and (holding ?hand ?vessel) (empty ?vessel) (not (clean ?vessel)))
    :effect (clean ?vessel))

  (:action pour-first
    :parameters (?hand - hand ?shot - shot ?ingredient - ingredient ?other - hand ?shaker - shaker)
    :precondition (and (holding ?hand ?shot) (contains ?shot ?ingredient) (holding ?other ?shaker)
      (empty ?shaker) (clean ?shaker))
    :effect (and (contains ?shaker ?ingredient) (half ?shaker) (empty ?shot) (not (contains ?shot ?ingredient))
      (not (empty ?shaker)) (not (clean ?shaker))))

  (:action pour-second
    :parameters (?hand - hand ?shot - shot ?ingredient - ingredient ?other - hand ?shaker - shaker)
    :precondition (and (holding ?hand ?shot) (contains ?shot ?ingredient) (holding ?other ?shaker)
      (half ?shaker) (not (shaken ?shaker)))
    :effect (and (contains ?shaker ?ingredient) (full ?shaker) (empty ?shot) (not (contains ?shot ?ingredient))
      (not (half ?shaker))))

  (:action shake
    :parameters (?hand - hand ?shaker - shaker ?other - hand ?cocktail - cocktail ?first - ingredient
      ?second - ingredient)
    :precondition (and (holding ?hand ?shaker) (free ?other) (full ?shaker) (contains ?shaker ?first)
      (contains ?shaker ?second) (first-part ?cocktail ?first) (second-part ?cocktail ?second))
    :effect (and (contains ?shaker ?cocktail) (shaken ?shaker) (not (contains ?shaker ?first))
      (not (contains ?shaker ?second))))

  (:action serve-half
    :parameters (?hand - hand ?shaker - shaker ?cocktail - cocktail ?other - hand ?shot - shot)
    :precondition (and (holding ?hand ?shaker) (shaken ?shaker) (full ?shaker) (contains ?shaker ?cocktail)
      (holding ?other ?shot) (empty ?shot) (clean ?shot))
    :effect (and (contains ?shot ?cocktail) (half ?shaker) (not (full ?shaker)) (not (empty ?shot))
      (not (clean ?shot))))

  (:action serve-rest
    :parameters (?hand - hand ?shaker - shaker ?cocktail - cocktail ?other - hand ?shot - shot)
    :precondition (and (holding ?hand ?shaker) (shaken ?shaker) (half ?shaker) (contains ?shaker ?cocktail)
      (holding ?other ?shot) (empty ?shot) (clean ?shot))
    :effect (and (contains ?shot ?cocktail) (empty ?shaker) (not (half ?shaker)) (not (contains ?shaker ?cocktail))
      (not (shaken ?shaker)) (not (empty ?shot)) (not (clean ?shot))))

  (:action throw-away
    :parameters (?hand - hand ?shaker - shaker ?cocktail - cocktail)
    :precondition (and (holding ?hand ?shaker) (shaken ?shaker) (contains ?shaker ?cocktail))
    :effect (and (empty ?shaker) (not (half ?shaker)) (not (full ?shaker)) (not (contains ?shaker ?cocktail))
      (not (shaken ?shaker)))))
