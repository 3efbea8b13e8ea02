"""What the people of the demonstration are made of. Every one of them is invented."""

# Women in practice by surgical specialty in the United States, as weights. From the AAMC's Physician Specialty Data
# Report 2022 (active physicians in 2021): orthopaedic 1,090, urology 1,003, vascular 623, neurological 551 and
# thoracic surgery 369; the other numbers are rounded estimates. Ophthalmology is halved: many join societies of
# their own.
SPECIALTIES = {
    "general_surgery": 5600,
    "ophthalmology": 2500,
    "otolaryngology": 1800,
    "plastic_surgery": 1250,
    "orthopaedic_surgery": 1090,
    "urology": 1003,
    "vascular_surgery": 623,
    "colon_rectal_surgery": 600,
    "neurological_surgery": 551,
    "thoracic_surgery": 369,
    "oral_maxillofacial_surgery": 250,
}
SUBSPECIALTIES = {
    "general_surgery": (
        "breast_surgery",
        "trauma_acute_care_surgery",
        "minimally_invasive_surgery",
        "surgical_critical_care",
        "transplant_surgery",
        "endocrine_surgery",
        "complex_general_surgical_oncology",
        "pediatric_surgery",
        "bariatric_metabolic_surgery",
    ),
    "ophthalmology": ("retina", "glaucoma", "cornea"),
    "otolaryngology": ("rhinology", "laryngology", "head_neck_oncologic_surgery"),
    "plastic_surgery": ("microsurgery", "hand_surgery", "burn_surgery"),
    "orthopaedic_surgery": ("hand_surgery", "orthopaedic_trauma", "pediatric_orthopaedics"),
    "urology": ("urologic_oncology", "urogynecology", "endourology"),
    "vascular_surgery": ("endovascular_surgery", "aortic_surgery"),
    "colon_rectal_surgery": ("inflammatory_bowel_disease_surgery", "minimally_invasive_surgery"),
    "neurological_surgery": ("spine_neurosurgery", "pediatric_neurosurgery", "neurovascular_surgery"),
    "thoracic_surgery": ("general_thoracic_surgery", "adult_cardiac_surgery", "congenital_cardiac_surgery"),
    "oral_maxillofacial_surgery": ("craniofacial_surgery",),
}

# City, zone, country, weight: a society of the Great Lakes with members on four continents.
PLACES = (
    ("Milwaukee", "America/Chicago", "US", 18),
    ("Minneapolis", "America/Chicago", "US", 14),
    ("Chicago", "America/Chicago", "US", 16),
    ("Madison", "America/Chicago", "US", 8),
    ("Detroit", "America/Detroit", "US", 8),
    ("Cleveland", "America/New_York", "US", 8),
    ("Boston", "America/New_York", "US", 6),
    ("Toronto", "America/Toronto", "CA", 9),
    ("Seattle", "America/Los_Angeles", "US", 6),
    ("São Paulo", "America/Sao_Paulo", "BR", 3),
    ("London", "Europe/London", "GB", 7),
    ("Berlin", "Europe/Berlin", "DE", 4),
    ("Stockholm", "Europe/Stockholm", "SE", 3),
    ("Lagos", "Africa/Lagos", "NG", 5),
    ("Nairobi", "Africa/Nairobi", "KE", 4),
    ("Cape Town", "Africa/Johannesburg", "ZA", 3),
    ("Mumbai", "Asia/Kolkata", "IN", 4),
    ("Singapore", "Asia/Singapore", "SG", 3),
)
HOSPITALS = (
    "Lakeland Teaching Hospital",
    "St Brigid's Hospital",
    "Northshore Medical Centre",
    "Three Rivers Clinic",
    "Harbour General",
    "Prairie Regional Hospital",
    "Elm Street Surgical Centre",
    "Cedar Point Hospital",
)

# Languages that come with the names, given names, family names.
NAMES = (
    (
        ("en",),
        "Grace Hannah Claire Margaret Ruth Naomi Alice Joan Beth Laura",
        "Whitfield Carver Hughes Mercer Doyle Lambert Ashdown Fenwick Barlow Keating",
    ),
    (
        ("es", "en"),
        "Lucía Elena Carmen Isabel Marisol Paloma Inés Ximena",
        "Herrera Castañeda Villanueva Montoya Olmos Quintero Salazar Rentería",
    ),
    (("pt", "en"), "Catarina Beatriz Joana Larissa Mariana Luíza", "Mendes Brito Teixeira Carvalho Nogueira Farias"),
    (("sv", "en"), "Astrid Linnea Freja Ingrid Signe Maja", "Holmqvist Lindström Bergdahl Nyberg Sandell Ekman"),
    (
        ("de", "en"),
        "Hanna Friederike Johanna Clara Mareike Sophie",
        "Weissbrodt Lindner Vogt Brandstetter Kessler Reimann",
    ),
    (("ar", "en"), "Amina Layla Noor Samira Yasmin Huda", "Haddad Mansour Khoury Nasser Sabbagh Farouk"),
    (
        ("hi", "en"),
        "Priya Anjali Meera Kavita Nandini Shreya Divya",
        "Raman Iyer Deshmukh Kulkarni Bhatt Chatterjee Menon",
    ),
    (("zh", "en"), "Li-Hua Meiling Xinyi Jia Wenjing Yan", "Chen Zhao Huang Lin Xu Deng"),
    (("yo", "en"), "Amara Folake Ngozi Titilayo Abiola Ifeoma", "Adeyemi Okonkwo Balogun Eze Okafor Oyelaran"),
    (("sw", "en"), "Wanjiru Achieng Zawadi Njeri Makena", "Kamau Otieno Mwangi Wekesa Njoroge"),
    (("ja", "en"), "Yui Haruka Aiko Naoko Emi", "Tachibana Moriyama Kuroda Hayashi Ishikawa"),
    (("pl", "en"), "Agnieszka Katarzyna Zofia Magda Ewa", "Ostrowska Wójcik Zielińska Mazur Król"),
    (("fr", "en"), "Aurélie Camille Solène Maëlle Brigitte", "Delacroix Fontaine Beaumont Girard Lefèvre"),
    (("fa", "en"), "Shirin Parisa Nasrin Leila Golnaz", "Farahani Tehrani Azadi Rostami Karimi"),
    (("en",), "Thomas Daniel Samuel Peter", "Abbott Lowell Greene Winslow"),
)

# What mentors offer and mentees need, by how often it is asked for. Mentees early on ask for the first list more.
NEEDS_EARLY = {
    "specialty_choice": 10,
    "residency_application": 9,
    "research_getting_started": 7,
    "women_in_surgery": 5,
    "shadowing": 4,
    "work_life": 4,
    "interview_skills": 4,
    "cv_personal_statement": 3,
    "first_generation": 2,
    "img": 2,
}
NEEDS_TRAINING = {
    "technical_skills": 9,
    "fellowship_application": 8,
    "work_life": 7,
    "parenthood": 5,
    "scientific_writing": 5,
    "board_exams": 4,
    "women_in_surgery": 4,
    "burnout": 3,
    "job_search_contracts": 3,
    "leadership": 3,
}
NEEDS_PRACTICE = {
    "promotion_tenure": 7,
    "leadership": 7,
    "grants": 5,
    "transition_to_practice": 5,
    "negotiation_conflict": 4,
    "work_life": 4,
    "practice_development": 3,
    "sponsorship": 3,
}
OFFERED = {
    "technical_skills": 9,
    "specialty_choice": 7,
    "fellowship_application": 7,
    "work_life": 7,
    "leadership": 7,
    "women_in_surgery": 6,
    "residency_application": 6,
    "transition_to_practice": 5,
    "scientific_writing": 5,
    "research_getting_started": 5,
    "parenthood": 4,
    "promotion_tenure": 4,
    "job_search_contracts": 3,
    "interview_skills": 3,
    "negotiation_conflict": 3,
    "grants": 2,
    "board_exams": 2,
    "burnout": 2,
    "sponsorship": 2,
    "global_health": 2,
}

ABOUT_MENTORS = (
    "I like to start with a case and end with a plan. Bring the video of your last operation.",
    "I had two children in training and would have liked somebody to ask. Ask me.",
    "I read drafts quickly and kindly, and I know which journal wants what.",
    "I trained on one continent and practise on another. Paperwork does not scare me.",
    "Happy to practise interviews until they feel dull.",
    "I sit on the appointments committee: I can say how files are really read.",
    "We can meet in the car park between two lists, as long as we meet.",
    "I left a post that did not suit me and found one that does. We can talk about that too.",
)
GOALS = {
    "specialty_choice": "To know by next summer which specialty I apply for, and why.",
    "residency_application": "To send an application that I would interview myself.",
    "research_getting_started": "To finish one small study, from question to poster.",
    "shadowing": "To see a theatre from the inside before I decide.",
    "technical_skills": "To do the steps of a laparoscopic colectomy without being talked through them.",
    "fellowship_application": "To choose three fellowships that fit my life, and get one.",
    "work_life": "To leave on time twice a week without feeling guilty.",
    "parenthood": "To plan a pregnancy and a thesis in the same two years.",
    "scientific_writing": "To submit the paper that has been in my drawer since spring.",
    "board_exams": "To pass the oral boards at the first try.",
    "promotion_tenure": "To put my file together for associate professor.",
    "leadership": "To run my first service without running myself down.",
    "grants": "To hand in a first grant of my own by October.",
    "transition_to_practice": "To come through my first year as an attending with good habits.",
    "women_in_surgery": "To hear from somebody who was once the only woman in the room.",
}
